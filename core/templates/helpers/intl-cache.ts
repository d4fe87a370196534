/** Intl formatters, which cost far more to make than to use. */
import { HelperFault } from './helper.ts';

const MAX_ENTRIES = 200;

function cached<Options extends object, Format>(
  make: (locale: string, options: Options) => Format,
): (locale: string, options: Options) => Format {
  const formats = new Map<string, Format>();
  return (locale, options) => {
    let key = locale;
    for (const name in options) key += `|${name}:${String(options[name])}`;
    let format = formats.get(key);
    if (format === undefined) {
      try {
        format = make(locale, options);
      } catch (error) {
        throw new HelperFault(
          `cannot use these options: ${error instanceof Error ? error.message : 'unknown'}`,
        );
      }
      if (formats.size >= MAX_ENTRIES) formats.delete(formats.keys().next().value ?? '');
      formats.set(key, format);
    }
    return format;
  };
}

export const numberFormat = cached(
  (locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
);
export const dateFormat = cached(
  (locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
);
export const pluralRules = cached(
  (locale, options: Intl.PluralRulesOptions) => new Intl.PluralRules(locale, options),
);
export const listFormat = cached(
  (locale, options: Intl.ListFormatOptions) => new Intl.ListFormat(locale, options),
);
export const collator = cached((locale, options: Intl.CollatorOptions) => new Intl.Collator(locale, options));
export const relativeFormat = cached(
  (locale, options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(locale, options),
);
