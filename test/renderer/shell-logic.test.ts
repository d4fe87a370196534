/** What the frame works out without a page: addresses, shortcuts, the palette's order, the list of commands. */
import { describe, expect, it, vi } from 'vitest';
import { rank } from '../../renderer/shell/fuzzy.ts';
import { formatLocation, parseLocation } from '../../renderer/shell/location.ts';
import { createCommandRegistry } from '../../renderer/ui/command-registry.ts';
import { failureDetails, failurePath } from '../../renderer/ui/failure-text.ts';
import { matchesShortcut, shortcutKeys } from '../../renderer/ui/shortcut.ts';

const press = (key: string, changes: Partial<Parameters<typeof matchesShortcut>[0]> = {}) => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...changes,
});

describe('addresses', () => {
  it.each([
    ['', 'templates', undefined],
    ['#jobs', 'jobs', undefined],
    ['#/jobs/12', 'jobs', '12'],
    ['#templates/quarterly%20report', 'templates', 'quarterly report'],
    ['#nowhere/1', 'templates', undefined],
    ['#templates/%E0%A4%A', 'templates', undefined],
    ['#templates/', 'templates', undefined],
  ])('%s is %s %s', (hash, screen, id) => {
    expect(parseLocation(hash)).toEqual({ screen, id });
  });

  it('keep every id that they are given', () => {
    const location = { screen: 'templates', id: 'a/b #?% ü' } as const;
    expect(parseLocation(formatLocation(location))).toEqual(location);
  });
});

describe('shortcuts', () => {
  it('are written as on the keyboard at hand', () => {
    expect(shortcutKeys('Mod+Shift+K', 'Linux x86_64')).toEqual(['Ctrl', 'Shift', 'K']);
    expect(shortcutKeys('Mod+Shift+K', 'MacIntel')).toEqual(['⌘', '⇧', 'K']);
    expect(shortcutKeys('Mod++', 'Win32')).toEqual(['Ctrl', '+']);
  });

  it('want their modifiers and no others', () => {
    expect(matchesShortcut(press('s', { ctrlKey: true }), 'Mod+S', 'Win32')).toBe(true);
    expect(matchesShortcut(press('s', { metaKey: true }), 'Mod+S', 'Win32')).toBe(false);
    expect(matchesShortcut(press('s', { metaKey: true }), 'Mod+S', 'MacIntel')).toBe(true);
    expect(matchesShortcut(press('S', { ctrlKey: true, shiftKey: true }), 'Mod+S', 'Win32')).toBe(false);
    expect(matchesShortcut(press('s', { ctrlKey: true, altKey: true }), 'Mod+S', 'Win32')).toBe(false);
  });

  it('are found on a keyboard with other letters, and signs with or without Shift', () => {
    expect(matchesShortcut(press('ы', { code: 'KeyS', ctrlKey: true }), 'Mod+S', 'Win32')).toBe(true);
    expect(matchesShortcut(press('¡', { code: 'Digit1', altKey: true }), 'Alt+1', 'MacIntel')).toBe(true);
    expect(matchesShortcut(press(';', { ctrlKey: true, shiftKey: true }), 'Mod+;', 'Win32')).toBe(true);
  });
});

describe('the palette', () => {
  const names = [
    'Show keyboard shortcuts',
    'New job…',
    'Generate the document',
    'Quarterly report',
    'Job 12',
  ];
  const find = (query: string) => rank(names, query, (name) => name);

  it('puts the start of a name before the inside of one', () => {
    expect(find('job')).toEqual(['Job 12', 'New job…']);
  });

  it('takes words in any order and letters in order', () => {
    expect(find('document gen')).toEqual(['Generate the document']);
    expect(find('qrep')).toEqual(['Quarterly report']);
    expect(find('perq')).toEqual([]);
  });

  it('shows all as they are without a query', () => {
    expect(find('  ')).toEqual(names);
  });
});

describe('the list of commands', () => {
  it('runs the later one of a shortcut that can run', () => {
    const registry = createCommandRegistry();
    const [editor, jobs] = [vi.fn(), vi.fn()];
    let isJobs = true;
    registry.add([{ id: 'editor.find', title: 'Find', shortcut: 'Ctrl+F', run: editor }]);
    registry.add([{ id: 'jobs.find', title: 'Find', shortcut: 'Ctrl+F', when: () => isJobs, run: jobs }]);
    expect(registry.press(press('f', { ctrlKey: true }))).toBe(true);
    isJobs = false;
    expect(registry.press(press('f', { ctrlKey: true }))).toBe(true);
    expect([editor.mock.calls.length, jobs.mock.calls.length]).toEqual([1, 1]);
    expect(registry.press(press('g', { ctrlKey: true }))).toBe(false);
  });

  it('keeps a command that was added twice until both are taken away', () => {
    const registry = createCommandRegistry();
    const commands = [{ id: 'a', title: 'A', run: () => undefined }];
    const [first, second] = [registry.add(commands), registry.add(commands)];
    first();
    expect(registry.all().map(({ id }) => id)).toEqual(['a']);
    second();
    expect(registry.all()).toEqual([]);
  });

  it('does not run by name what cannot run', () => {
    const registry = createCommandRegistry();
    const run = vi.fn();
    registry.add([{ id: 'a', title: 'A', when: () => false, run }]);
    expect([registry.run('a'), registry.run('b'), registry.available()]).toEqual([false, false, []]);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('the text of a failure', () => {
  const detail = {
    code: 'TEMPLATE_UNKNOWN_HELPER',
    stage: 'render',
    message: 'There is no helper "curency".',
    hint: 'Did you mean "currency"?',
    template: 'totals',
    line: 3,
    column: 5,
    source_line: '{{curency amount}}',
  } as const;

  it('names the file of a partial, and of what has no name of its own', () => {
    expect(failurePath(detail)).toBe('partials/totals.hbs');
    expect(failurePath({ template: 'html' })).toBe('template.html');
    expect(failurePath({ template: null })).toBeUndefined();
  });

  it('holds everything that a report needs', () => {
    const failure = { code: detail.code, message: detail.message, hint: null, errors: [], detail };
    expect(failureDetails(failure, 'The preview failed')).toBe(
      [
        'The preview failed',
        'There is no helper "curency".',
        'Did you mean "currency"?',
        'Where: partials/totals.hbs, line 3, column 5 (while filling in the template)',
        '{{curency amount}}',
        'Code: TEMPLATE_UNKNOWN_HELPER',
      ].join('\n'),
    );
  });
});
