/** The part of the graphics state that rules depend on (ISO 32000-2 §8.4). */
import type { ColourSpace } from '../colour/colour-space.ts';
import type { Font } from '../fonts/font.ts';

export interface GraphicsState {
  fill: ColourSpace | undefined;
  stroke: ColourSpace | undefined;
  font: Font | undefined;
  /** Text rendering mode. */
  mode: number;
  overprintStroke: boolean;
  overprintFill: boolean;
  overprintMode: number;
  /** False within an uncoloured pattern or glyph, where colour operators are ignored. */
  hasColour: boolean;
  /** Transparency: a soft mask, a blend mode other than Normal, alpha below 1. */
  softMask: boolean;
  blends: boolean;
  fillAlpha: number;
  strokeAlpha: number;
}

export const initialState = (colour: ColourSpace): GraphicsState => ({
  fill: colour,
  stroke: colour,
  font: undefined,
  mode: 0,
  overprintStroke: false,
  overprintFill: false,
  overprintMode: 0,
  hasColour: true,
  softMask: false,
  blends: false,
  fillAlpha: 1,
  strokeAlpha: 1,
});

/** Written out, since nearly every operation of some documents saves a state. */
export const copyOf = (state: GraphicsState): GraphicsState => ({
  fill: state.fill,
  stroke: state.stroke,
  font: state.font,
  mode: state.mode,
  overprintStroke: state.overprintStroke,
  overprintFill: state.overprintFill,
  overprintMode: state.overprintMode,
  hasColour: state.hasColour,
  softMask: state.softMask,
  blends: state.blends,
  fillAlpha: state.fillAlpha,
  strokeAlpha: state.strokeAlpha,
});

/** What a form, pattern or glyph begins with: transparency is judged stream by stream. */
export const inheritedState = (state: GraphicsState): GraphicsState => ({
  ...state,
  softMask: false,
  blends: false,
  fillAlpha: 1,
  strokeAlpha: 1,
});

export const fills = (mode: number): boolean => mode === 0 || mode === 2 || mode === 4 || mode === 6;
export const strokes = (mode: number): boolean => mode === 1 || mode === 2 || mode === 5 || mode === 6;
