/** Colour spaces (ISO 32000-2 §8.6) with what the rules ask about them. */
import type { PdfDict, PdfStream } from '../../../revision/objects.ts';
import { PdfName, PdfRef, type PdfObject } from '../../../revision/objects.ts';
import type { CheckedFile } from '../file/checked-file.ts';
import { iccProfile, type IccProfile } from './icc-profile.ts';

export type DeviceName = 'DeviceGray' | 'DeviceRGB' | 'DeviceCMYK';

export interface ColourSpace {
  readonly kind:
    | DeviceName
    | 'CalGray'
    | 'CalRGB'
    | 'Lab'
    | 'ICCBased'
    | 'Indexed'
    | 'Separation'
    | 'DeviceN'
    | 'Pattern'
    | 'pattern-of-shading'
    | 'pattern-of-tiles';
  /** Of Indexed the base, of Separation and DeviceN the alternate, of an uncoloured Pattern the one beneath. */
  readonly base?: ColourSpace | undefined;
  readonly icc?: IccProfile | undefined;
  /** Names of colorants as they stand there. */
  readonly colorants?: readonly PdfObject[];
  /** Of DeviceN: every colorant that needs it has an entry in /Colorants or /Process. */
  readonly hasColorants?: boolean;
  /** Of DeviceN: separations of /Colorants, and the process colour space. */
  readonly parts?: readonly ColourSpace[];
  /** Alternate and tint transform of a Separation, as they stand there. */
  readonly tint?: { readonly alternate: PdfObject; readonly transform: PdfObject };
  /** A pattern that was named by `scn`. */
  readonly pattern?: PdfObject | undefined;
}

const DEVICE: Readonly<Record<DeviceName, ColourSpace>> = {
  DeviceGray: { kind: 'DeviceGray' },
  DeviceRGB: { kind: 'DeviceRGB' },
  DeviceCMYK: { kind: 'DeviceCMYK' },
};

export const isDevice = (name: string): name is DeviceName => Object.hasOwn(DEVICE, name);
export const deviceSpace = (name: DeviceName): ColourSpace => DEVICE[name];

/** The colour space that stands in for a device one, by ISO 32000-2 §8.6.5.6. */
export const DEFAULT_KEYS: Readonly<Record<DeviceName, string>> = {
  DeviceGray: 'DefaultGray',
  DeviceRGB: 'DefaultRGB',
  DeviceCMYK: 'DefaultCMYK',
};

const MOST_DEPTH = 16;
/** Inks of the process colour space, which need no entry in /Colorants. */
const PROCESS_INKS = new Set(['Cyan', 'Magenta', 'Yellow', 'Black', 'None']);

export class ColourSpaces {
  readonly #file: CheckedFile;
  readonly #known = new Map<PdfObject, Map<PdfDict | undefined, ColourSpace | undefined>>();
  readonly #profiles = new Map<PdfStream, IccProfile>();

  constructor(file: CheckedFile) {
    this.#file = file;
  }

  /** `resources`: of the stream that uses it, for names and defaults. Undefined for what is no colour space. */
  parse(
    object: PdfObject | undefined,
    resources: PdfDict | undefined,
    isDefault = false,
  ): ColourSpace | undefined {
    return this.#parse(object, resources, isDefault, 0);
  }

  profile(stream: PdfStream, object: number | undefined): IccProfile {
    let known = this.#profiles.get(stream);
    if (known === undefined) {
      known = iccProfile(this.#file, stream, object);
      this.#profiles.set(stream, known);
    }
    return known;
  }

  #parse(
    object: PdfObject | undefined,
    resources: PdfDict | undefined,
    isDefault: boolean,
    depth: number,
  ): ColourSpace | undefined {
    if (depth > MOST_DEPTH) return undefined;
    const value = this.#file.resolve(object);
    if (value instanceof PdfName) return this.#named(value.name, resources, isDefault, depth);
    if (!Array.isArray(value)) return undefined;
    const byResources = this.#known.get(value) ?? new Map<PdfDict | undefined, ColourSpace | undefined>();
    this.#known.set(value, byResources);
    if (byResources.has(resources)) return byResources.get(resources);
    const space = this.#listed(value, resources, isDefault, depth);
    byResources.set(resources, space);
    return space;
  }

  #named(
    name: string,
    resources: PdfDict | undefined,
    isDefault: boolean,
    depth: number,
  ): ColourSpace | undefined {
    const spaces = this.#file.dict(resources?.get('ColorSpace'));
    if (isDevice(name)) {
      const fallback = isDefault ? undefined : spaces?.get(DEFAULT_KEYS[name]);
      const space = fallback === undefined ? undefined : this.#parse(fallback, resources, true, depth + 1);
      return space ?? DEVICE[name];
    }
    if (name === 'Pattern') return { kind: 'Pattern' };
    const own = spaces?.get(name);
    return own === undefined ? undefined : this.#parse(own, resources, isDefault, depth + 1);
  }

  #listed(
    list: readonly PdfObject[],
    resources: PdfDict | undefined,
    isDefault: boolean,
    depth: number,
  ): ColourSpace | undefined {
    const file = this.#file;
    if (list.length === 1) return this.#parse(list[0], resources, isDefault, depth + 1);
    const below = (object: PdfObject | undefined): ColourSpace | undefined =>
      this.#parse(object, resources, isDefault, depth + 1);
    const kind = file.name(list[0]);
    switch (kind) {
      case 'CalGray':
      case 'CalRGB':
      case 'Lab':
        return { kind };
      case 'ICCBased': {
        const stream = file.stream(list[1]);
        const object = list[1] instanceof PdfRef ? list[1].number : undefined;
        return { kind, icc: stream && this.profile(stream, object) };
      }
      case 'Indexed':
      case 'Pattern':
        return { kind, base: below(list[1]) };
      case 'Separation':
        return {
          kind,
          base: below(list[2]),
          colorants: list.slice(1, 2),
          tint: { alternate: list[2] ?? null, transform: list[3] ?? null },
        };
      case 'DeviceN':
        return this.#deviceN(list, below);
      case undefined:
      default:
        return undefined;
    }
  }

  #deviceN(
    list: readonly PdfObject[],
    below: (object: PdfObject | undefined) => ColourSpace | undefined,
  ): ColourSpace {
    const file = this.#file;
    const colorants = (file.array(list[1]) ?? []).map((name) => file.resolve(name));
    const attributes = file.dict(list[4]);
    const declared = file.dict(attributes?.get('Colorants'));
    const process = file.dict(attributes?.get('Process'));
    const known = new Set([
      ...PROCESS_INKS,
      ...(declared?.keys() ?? []),
      ...(file.array(process?.get('Components')) ?? []).map((name) => file.name(name) ?? ''),
    ]);
    const separations = [...(declared?.values() ?? [])].flatMap((value) => below(value) ?? []);
    const processSpace = process && this.parse(process.get('ColorSpace'), undefined);
    return {
      kind: 'DeviceN',
      base: below(list[2]),
      colorants,
      hasColorants: colorants.every((name) => name instanceof PdfName && known.has(name.name)),
      parts: [
        ...separations.filter(({ kind }) => kind === 'Separation'),
        ...(processSpace === undefined ? [] : [processSpace]),
      ],
    };
  }
}
