/** Monaco with the languages of a template and their workers: the large part of the studio that is loaded after the first paint. */
import * as monaco from 'monaco-editor/editor';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/css/register';
import 'monaco-editor/languages/definitions/html/register';
import { cssDefaults } from 'monaco-editor/languages/features/css/register';
import { htmlDefaults } from 'monaco-editor/languages/features/html/register';
import { jsonDefaults } from 'monaco-editor/languages/features/json/register';
import CssWorker from 'monaco-editor/languages/features/css/css.worker?worker';
import HtmlWorker from 'monaco-editor/languages/features/html/html.worker?worker';
import JsonWorker from 'monaco-editor/languages/features/json/json.worker?worker';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';

export { monaco, jsonDefaults };

const WORKERS: Readonly<Record<string, new () => Worker>> = {
  css: CssWorker,
  handlebars: HtmlWorker,
  html: HtmlWorker,
  json: JsonWorker,
};

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new (WORKERS[label] ?? EditorWorker)(),
};

htmlDefaults.setOptions({
  ...htmlDefaults.options,
  format: {
    tabSize: 2,
    insertSpaces: true,
    wrapLineLength: 110,
    unformatted: '',
    contentUnformatted: 'pre, style, script',
    indentInnerHtml: false,
    preserveNewLines: true,
    maxPreserveNewLines: 2,
    indentHandlebars: true,
    endWithNewline: true,
    extraLiners: '',
    wrapAttributes: 'auto',
  },
});
// Style sheets hold mustaches, of which the CSS service knows nothing: it would call them mistakes and tear them apart.
cssDefaults.setModeConfiguration({
  ...cssDefaults.modeConfiguration,
  diagnostics: false,
  documentFormattingEdits: false,
  documentRangeFormattingEdits: false,
});

/** By the name of a file. */
export function languageOf(path: string): string {
  if (/\.css$/.test(path)) return 'css';
  if (/\.json$/.test(path)) return 'json';
  return /\.(?:html?|hbs|handlebars)$/.test(path) ? 'handlebars' : 'plaintext';
}
