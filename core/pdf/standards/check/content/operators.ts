/** What each operator does to a runner (ISO 32000-2 Annex A). */
import { operator } from '../../../content/content-scanner.ts';
import type { StreamRunner } from './stream-runner.ts';

type Handler = (runner: StreamRunner) => void;

const nothing: Handler = () => undefined;

const HANDLERS: readonly (readonly [string, Handler])[] = [
  ...['w J j M d i cm m l c v y h re n W W* BT ET Tc Tw Tz TL Ts Td TD Tm T* sc SC d0 MP DP BX EX'].flatMap(
    (names) => names.split(' ').map((name): [string, Handler] => [name, nothing]),
  ),
  ['q', (runner) => runner.save()],
  ['Q', (runner) => runner.restore()],
  ['gs', (runner) => runner.graphicsState()],
  ['ri', (runner) => runner.intent()],
  ['g', (runner) => runner.device('DeviceGray', 'fill')],
  ['G', (runner) => runner.device('DeviceGray', 'stroke')],
  ['rg', (runner) => runner.device('DeviceRGB', 'fill')],
  ['RG', (runner) => runner.device('DeviceRGB', 'stroke')],
  ['k', (runner) => runner.device('DeviceCMYK', 'fill')],
  ['K', (runner) => runner.device('DeviceCMYK', 'stroke')],
  ['cs', (runner) => runner.colourSpace('fill')],
  ['CS', (runner) => runner.colourSpace('stroke')],
  ['scn', (runner) => runner.colour('fill')],
  ['SCN', (runner) => runner.colour('stroke')],
  ['f', (runner) => runner.paint(true, false)],
  ['F', (runner) => runner.paint(true, false)],
  ['f*', (runner) => runner.paint(true, false)],
  ['S', (runner) => runner.paint(false, true)],
  ['s', (runner) => runner.paint(false, true)],
  ['B', (runner) => runner.paint(true, true)],
  ['B*', (runner) => runner.paint(true, true)],
  ['b', (runner) => runner.paint(true, true)],
  ['b*', (runner) => runner.paint(true, true)],
  ['Tf', (runner) => runner.setFont()],
  ['Tr', (runner) => runner.setMode()],
  ['Tj', (runner) => runner.showText()],
  ['TJ', (runner) => runner.showText()],
  ["'", (runner) => runner.showText()],
  ['"', (runner) => runner.showText()],
  ['Do', (runner) => runner.xObject()],
  ['sh', (runner) => runner.shading()],
  ['EI', (runner) => runner.inlineImage()],
  ['d1', (runner) => runner.noColour()],
  ['BMC', (runner) => runner.begin(false)],
  ['BDC', (runner) => runner.begin(true)],
  ['EMC', (runner) => runner.end()],
];

/** By their code, as `operator` packs them. */
export const OPERATORS: ReadonlyMap<number, Handler> = new Map(
  HANDLERS.map(([word, handler]) => [operator(word), handler]),
);
