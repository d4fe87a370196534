/** Predefined encodings of simple fonts (ISO 32000-2 Annex D) and the strings of CFF (Adobe technical note 5176, Appendix A). */

const NOTDEF = '.notdef';

/** Names parted by spaces; `-` stands for a code without a glyph. */
const table = (names: string): readonly string[] =>
  names.split(' ').map((name) => (name === '-' ? NOTDEF : name));

/** StandardEncoding. */
export const STANDARD_ENCODING: readonly string[] = table(
  '- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - space exclam quotedbl numbersign dollar percent ' +
    'ampersand quoteright parenleft parenright asterisk plus comma hyphen period slash zero one two three four five six ' +
    'seven eight nine colon semicolon less equal greater question at A B C D E F G H I J K L M N O P Q R S T U V W X Y Z ' +
    'bracketleft backslash bracketright asciicircum underscore quoteleft a b c d e f g h i j k l m n o p q r s t u v w x ' +
    'y z braceleft bar braceright asciitilde - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - ' +
    'exclamdown cent sterling fraction yen florin section currency quotesingle quotedblleft guillemotleft guilsinglleft ' +
    'guilsinglright fi fl - endash dagger daggerdbl periodcentered - paragraph bullet quotesinglbase quotedblbase ' +
    'quotedblright guillemotright ellipsis perthousand - questiondown - grave acute circumflex tilde macron breve ' +
    'dotaccent dieresis - ring cedilla - hungarumlaut ogonek caron emdash - - - - - - - - - - - - - - - - AE - ' +
    'ordfeminine - - - - Lslash Oslash OE ordmasculine - - - - - ae - - - dotlessi - - lslash oslash oe germandbls - - - ' +
    '-',
);

/** MacRomanEncoding. */
export const MAC_ROMAN_ENCODING: readonly string[] = table(
  '- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - space exclam quotedbl numbersign dollar percent ' +
    'ampersand quotesingle parenleft parenright asterisk plus comma hyphen period slash zero one two three four five six ' +
    'seven eight nine colon semicolon less equal greater question at A B C D E F G H I J K L M N O P Q R S T U V W X Y Z ' +
    'bracketleft backslash bracketright asciicircum underscore grave a b c d e f g h i j k l m n o p q r s t u v w x y z ' +
    'braceleft bar braceright asciitilde - Adieresis Aring Ccedilla Eacute Ntilde Odieresis Udieresis aacute agrave ' +
    'acircumflex adieresis atilde aring ccedilla eacute egrave ecircumflex edieresis iacute igrave icircumflex idieresis ' +
    'ntilde oacute ograve ocircumflex odieresis otilde uacute ugrave ucircumflex udieresis dagger degree cent sterling ' +
    'section bullet paragraph germandbls registered copyright trademark acute dieresis - AE Oslash - plusminus - - yen mu ' +
    '- - - - - ordfeminine ordmasculine - ae oslash questiondown exclamdown logicalnot - florin - - guillemotleft ' +
    'guillemotright ellipsis space Agrave Atilde Otilde OE oe endash emdash quotedblleft quotedblright quoteleft ' +
    'quoteright divide - ydieresis Ydieresis fraction currency guilsinglleft guilsinglright fi fl daggerdbl ' +
    'periodcentered quotesinglbase quotedblbase perthousand Acircumflex Ecircumflex Aacute Edieresis Egrave Iacute ' +
    'Icircumflex Idieresis Igrave Oacute Ocircumflex - Ograve Uacute Ucircumflex Ugrave dotlessi circumflex tilde macron ' +
    'breve dotaccent ring cedilla hungarumlaut ogonek caron',
);

/** WinAnsiEncoding. */
export const WIN_ANSI_ENCODING: readonly string[] = table(
  '- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - space exclam quotedbl numbersign dollar percent ' +
    'ampersand quotesingle parenleft parenright asterisk plus comma hyphen period slash zero one two three four five six ' +
    'seven eight nine colon semicolon less equal greater question at A B C D E F G H I J K L M N O P Q R S T U V W X Y Z ' +
    'bracketleft backslash bracketright asciicircum underscore grave a b c d e f g h i j k l m n o p q r s t u v w x y z ' +
    'braceleft bar braceright asciitilde bullet Euro bullet quotesinglbase florin quotedblbase ellipsis dagger daggerdbl ' +
    'circumflex perthousand Scaron guilsinglleft OE bullet Zcaron bullet bullet quoteleft quoteright quotedblleft ' +
    'quotedblright bullet endash emdash tilde trademark scaron guilsinglright oe bullet zcaron Ydieresis space exclamdown ' +
    'cent sterling currency yen brokenbar section dieresis copyright ordfeminine guillemotleft logicalnot hyphen ' +
    'registered macron degree plusminus twosuperior threesuperior acute mu paragraph periodcentered cedilla onesuperior ' +
    'ordmasculine guillemotright onequarter onehalf threequarters questiondown Agrave Aacute Acircumflex Atilde Adieresis ' +
    'Aring AE Ccedilla Egrave Eacute Ecircumflex Edieresis Igrave Iacute Icircumflex Idieresis Eth Ntilde Ograve Oacute ' +
    'Ocircumflex Otilde Odieresis multiply Oslash Ugrave Uacute Ucircumflex Udieresis Yacute Thorn germandbls agrave ' +
    'aacute acircumflex atilde adieresis aring ae ccedilla egrave eacute ecircumflex edieresis igrave iacute icircumflex ' +
    'idieresis eth ntilde ograve oacute ocircumflex otilde odieresis divide oslash ugrave uacute ucircumflex udieresis ' +
    'yacute thorn ydieresis',
);

/** Standard strings of CFF by their SID. */
export const CFF_STRINGS: readonly string[] = table(
  '- space exclam quotedbl numbersign dollar percent ampersand quoteright parenleft parenright asterisk plus comma ' +
    'hyphen period slash zero one two three four five six seven eight nine colon semicolon less equal greater question at ' +
    'A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash bracketright asciicircum underscore ' +
    'quoteleft a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar braceright asciitilde exclamdown cent ' +
    'sterling fraction yen florin section currency quotesingle quotedblleft guillemotleft guilsinglleft guilsinglright fi ' +
    'fl endash dagger daggerdbl periodcentered paragraph bullet quotesinglbase quotedblbase quotedblright guillemotright ' +
    'ellipsis perthousand questiondown grave acute circumflex tilde macron breve dotaccent dieresis ring cedilla ' +
    'hungarumlaut ogonek caron emdash AE ordfeminine Lslash Oslash OE ordmasculine ae dotlessi lslash oslash oe ' +
    'germandbls onesuperior logicalnot mu trademark Eth onehalf plusminus Thorn onequarter divide brokenbar degree thorn ' +
    'threequarters twosuperior registered minus eth multiply threesuperior copyright Aacute Acircumflex Adieresis Agrave ' +
    'Aring Atilde Ccedilla Eacute Ecircumflex Edieresis Egrave Iacute Icircumflex Idieresis Igrave Ntilde Oacute ' +
    'Ocircumflex Odieresis Ograve Otilde Scaron Uacute Ucircumflex Udieresis Ugrave Yacute Ydieresis Zcaron aacute ' +
    'acircumflex adieresis agrave aring atilde ccedilla eacute ecircumflex edieresis egrave iacute icircumflex idieresis ' +
    'igrave ntilde oacute ocircumflex odieresis ograve otilde scaron uacute ucircumflex udieresis ugrave yacute ydieresis ' +
    'zcaron exclamsmall Hungarumlautsmall dollaroldstyle dollarsuperior ampersandsmall Acutesmall parenleftsuperior ' +
    'parenrightsuperior twodotenleader onedotenleader zerooldstyle oneoldstyle twooldstyle threeoldstyle fouroldstyle ' +
    'fiveoldstyle sixoldstyle sevenoldstyle eightoldstyle nineoldstyle commasuperior threequartersemdash periodsuperior ' +
    'questionsmall asuperior bsuperior centsuperior dsuperior esuperior isuperior lsuperior msuperior nsuperior osuperior ' +
    'rsuperior ssuperior tsuperior ff ffi ffl parenleftinferior parenrightinferior Circumflexsmall hyphensuperior ' +
    'Gravesmall Asmall Bsmall Csmall Dsmall Esmall Fsmall Gsmall Hsmall Ismall Jsmall Ksmall Lsmall Msmall Nsmall Osmall ' +
    'Psmall Qsmall Rsmall Ssmall Tsmall Usmall Vsmall Wsmall Xsmall Ysmall Zsmall colonmonetary onefitted rupiah ' +
    'Tildesmall exclamdownsmall centoldstyle Lslashsmall Scaronsmall Zcaronsmall Dieresissmall Brevesmall Caronsmall ' +
    'Dotaccentsmall Macronsmall figuredash hypheninferior Ogoneksmall Ringsmall Cedillasmall questiondownsmall oneeighth ' +
    'threeeighths fiveeighths seveneighths onethird twothirds zerosuperior foursuperior fivesuperior sixsuperior ' +
    'sevensuperior eightsuperior ninesuperior zeroinferior oneinferior twoinferior threeinferior fourinferior ' +
    'fiveinferior sixinferior seveninferior eightinferior nineinferior centinferior dollarinferior periodinferior ' +
    'commainferior Agravesmall Aacutesmall Acircumflexsmall Atildesmall Adieresissmall Aringsmall AEsmall Ccedillasmall ' +
    'Egravesmall Eacutesmall Ecircumflexsmall Edieresissmall Igravesmall Iacutesmall Icircumflexsmall Idieresissmall ' +
    'Ethsmall Ntildesmall Ogravesmall Oacutesmall Ocircumflexsmall Otildesmall Odieresissmall OEsmall Oslashsmall ' +
    'Ugravesmall Uacutesmall Ucircumflexsmall Udieresissmall Yacutesmall Thornsmall Ydieresissmall 001.000 001.001 ' +
    '001.002 001.003 Black Bold Book Light Medium Regular Roman Semibold',
);

/** Codes that Mac OS Roman has beyond MacRomanEncoding (ISO 32000-2 §9.6.5.4). */
const MAC_OS_CODES: readonly (readonly [string, number])[] = [
  ['notequal', 173],
  ['infinity', 176],
  ['lessequal', 178],
  ['greaterequal', 179],
  ['partialdiff', 182],
  ['summation', 183],
  ['product', 184],
  ['pi', 185],
  ['integral', 186],
  ['Omega', 189],
  ['radical', 195],
  ['approxequal', 197],
  ['Delta', 198],
  ['lozenge', 215],
  ['Euro', 219],
  ['apple', 240],
];

/** Code in Mac OS Roman by glyph name. */
export const MAC_OS_ROMAN: ReadonlyMap<string, number> = new Map([
  ...MAC_ROMAN_ENCODING.map((name, code) => [name, code] as const)
    .filter(([name]) => name !== NOTDEF)
    .reverse(),
  ...MAC_OS_CODES,
]);

/** A predefined encoding by the name that a file gives it. */
export const encodingNamed = (name: string | undefined): readonly string[] | undefined =>
  name === undefined ? undefined : ENCODINGS.get(name);

const ENCODINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['MacRomanEncoding', MAC_ROMAN_ENCODING],
  ['WinAnsiEncoding', WIN_ANSI_ENCODING],
]);
