/**
 * The predefined schemas: those of the XMP Specification of January 2004 for PDF/A-1 and of September 2005 for PDF/A-2 and
 * PDF/A-3, with the PDF/A identification (ISO 19005-1 §6.7.11, ISO 19005-2 §6.6.4). A line is `name type, name type, …`.
 */
import { GPS_2004, GPS_2005, ValueTypes, type StructType } from './xmp-types.ts';

const ADOBE = 'http://ns.adobe.com/';
export const NAMESPACE = {
  dc: 'http://purl.org/dc/elements/1.1/',
  xmp: `${ADOBE}xap/1.0/`,
  xmpRights: `${ADOBE}xap/1.0/rights/`,
  xmpMM: `${ADOBE}xap/1.0/mm/`,
  xmpBJ: `${ADOBE}xap/1.0/bj/`,
  xmpTPg: `${ADOBE}xap/1.0/t/pg/`,
  xmpDM: `${ADOBE}xmp/1.0/DynamicMedia/`,
  pdf: `${ADOBE}pdf/1.3/`,
  photoshop: `${ADOBE}photoshop/1.0/`,
  crs: `${ADOBE}camera-raw-settings/1.0/`,
  tiff: `${ADOBE}tiff/1.0/`,
  exif: `${ADOBE}exif/1.0/`,
  aux: `${ADOBE}exif/1.0/aux/`,
  pdfaid: 'http://www.aiim.org/pdfa/ns/id/',
  pdfuaid: 'http://www.aiim.org/pdfua/ns/id/',
  pdfaExtension: 'http://www.aiim.org/pdfa/ns/extension/',
  pdfaSchema: 'http://www.aiim.org/pdfa/ns/schema#',
  pdfaProperty: 'http://www.aiim.org/pdfa/ns/property#',
  pdfaType: 'http://www.aiim.org/pdfa/ns/type#',
  pdfaField: 'http://www.aiim.org/pdfa/ns/field#',
} as const;

const COMMON: Readonly<Record<string, string>> = {
  [NAMESPACE.pdfaid]: 'part integer, amd text, conformance text',
  [NAMESPACE.dc]:
    'contributor bag propername, coverage text, creator seq propername, date seq date, description lang alt, format mimetype, ' +
    'identifier text, language bag locale, publisher bag propername, relation bag text, rights lang alt, source text, ' +
    'subject bag text, title lang alt, type bag text',
  [NAMESPACE.xmp]:
    'Advisory bag text, BaseURL url, CreateDate date, CreatorTool agentname, Identifier bag text, MetadataDate date, ' +
    'ModifyDate date, Nickname text, Thumbnails alt thumbnail',
  [NAMESPACE.xmpRights]:
    'Certificate url, Marked boolean, Owner bag propername, UsageTerms lang alt, WebStatement url',
  [NAMESPACE.xmpMM]:
    'DerivedFrom resourceref, DocumentID uri, History seq resourceevent, InstanceID uri, ManagedFrom resourceref, ' +
    'Manager agentname, ManageTo uri, ManageUI uri, ManagerVariant text, RenditionClass renditionclass, RenditionParams text, ' +
    'VersionID text, Versions seq version, LastURL url, RenditionOf resourceref, SaveID integer',
  [NAMESPACE.xmpBJ]: 'JobRef bag job',
  [NAMESPACE.xmpTPg]: 'MaxPageSize dimensions, NPages integer',
  [NAMESPACE.pdf]: 'Keywords text, PDFVersion text, Producer agentname',
  [NAMESPACE.photoshop]:
    'AuthorsPosition text, CaptionWriter propername, Category text, City text, Country text, Credit text, DateCreated date, ' +
    'Headline text, Instructions text, Source text, State text, TransmissionReference text, Urgency integer',
  [NAMESPACE.tiff]:
    'ImageWidth integer, ImageLength integer, BitsPerSample seq integer, SamplesPerPixel integer, XResolution rational, ' +
    'YResolution rational, TransferFunction seq integer, WhitePoint seq rational, PrimaryChromaticities seq rational, ' +
    'YCbCrCoefficients seq rational, ReferenceBlackWhite seq rational, DateTime date, ImageDescription lang alt, ' +
    'Make propername, Model propername, Software agentname, Artist propername, Copyright lang alt, Compression integer, ' +
    'PhotometricInterpretation integer, Orientation integer, PlanarConfiguration integer, YCbCrPositioning integer, ' +
    'ResolutionUnit integer, YCbCrSubSampling seq integer',
  [NAMESPACE.exif]:
    'CompressedBitsPerPixel rational, PixelXDimension integer, PixelYDimension integer, UserComment lang alt, ' +
    'RelatedSoundFile text, DateTimeOriginal date, DateTimeDigitized date, ExposureTime rational, FNumber rational, ' +
    'SpectralSensitivity text, ISOSpeedRatings seq integer, OECF oecf/sfr, ShutterSpeedValue rational, ApertureValue rational, ' +
    'BrightnessValue rational, ExposureBiasValue rational, MaxApertureValue rational, SubjectDistance rational, Flash flash, ' +
    'FocalLength rational, SubjectArea seq integer, FlashEnergy rational, SpatialFrequencyResponse oecf/sfr, ' +
    'FocalPlaneXResolution rational, FocalPlaneYResolution rational, SubjectLocation seq integer, ExposureIndex rational, ' +
    'CFAPattern cfapattern, DigitalZoomRatio rational, FocalLengthIn35mmFilm integer, DeviceSettingDescription devicesettings, ' +
    'ImageUniqueID text, GPSVersionID text, GPSLatitude gpscoordinate, GPSLongitude gpscoordinate, GPSAltitude rational, ' +
    'GPSTimeStamp date, GPSSatellites text, GPSDOP rational, GPSSpeed rational, GPSTrack rational, GPSImgDirection rational, ' +
    'GPSMapDatum text, GPSDestLatitude gpscoordinate, GPSDestLongitude gpscoordinate, GPSDestBearing rational, ' +
    'GPSDestDistance rational, GPSProcessingMethod text, GPSAreaInformation text, ExposureProgram integer, ' +
    'MeteringMode integer, FocalPlaneResolutionUnit integer, SensingMethod integer, FileSource integer, SceneType integer, ' +
    'CustomRendered integer, ExposureMode integer, WhiteBalance integer, SceneCaptureType integer, GainControl integer, ' +
    'Contrast integer, Saturation integer, Sharpness integer, SubjectDistanceRange integer, GPSAltitudeRef integer, ' +
    'GPSStatus text, GPSSpeedRef text, GPSTrackRef text, GPSImgDirectionRef text, GPSDestBearingRef text, ' +
    'GPSDestDistanceRef text, GPSDifferential integer, ComponentsConfiguration seq integer, ColorSpace integer, ' +
    'LightSource integer',
};

const ONLY_2004: Readonly<Record<string, string>> = {
  [NAMESPACE.photoshop]: 'SupplementalCategories text',
  [NAMESPACE.exif]: 'MakerNote text, ExifVersion text, FlashpixVersion text, GPSMeasureMode integer',
};

const ONLY_2005: Readonly<Record<string, string>> = {
  [NAMESPACE.pdfaid]: 'corr text',
  [NAMESPACE.xmp]: 'Label text, Rating real',
  [NAMESPACE.xmpTPg]: 'Fonts bag font, Colorants seq colorant, PlateNames seq text',
  [NAMESPACE.photoshop]: 'SupplementalCategories bag text',
  [NAMESPACE.exif]: 'ExifVersion text, FlashpixVersion text, GPSMeasureMode text',
  [NAMESPACE.aux]: 'Lens text, SerialNumber text',
  [NAMESPACE.xmpDM]:
    'projectRef projectlink, videoFrameRate text, videoFrameSize dimensions, videoPixelAspectRatio rational, ' +
    'videoAlphaUnityIsTransparent boolean, videoAlphaPremultipleColor colorant, videoCompressor text, ' +
    'audioSampleRate integer, audioCompressor text, speakerPlacement text, fileDataRate rational, tapeName text, ' +
    'altTapeName text, startTimecode timecode, altTimecode timecode, duration time, scene text, shotName text, shotDate date, ' +
    'shotLocation text, logComment text, markers seq marker, contributedMedia bag media, absPeakAudioFilePath uri, ' +
    'relativePeakAudioFilePath uri, videoModDate date, audioModDate date, metadataModDate date, artist text, album text, ' +
    'trackNumber integer, genre text, copyright text, releaseDate date, composer text, engineer text, tempo real, ' +
    'instrument text, introTime time, outCue time, relativeTimestamp time, loop boolean, numberOfBeats real, ' +
    'timeScaleParams timescalestretch, resampleParams resamplestretch, beatSpliceParams beatsplicestretch, ' +
    'videoPixelDepth text, videoColorSpace text, videoAlphaMode text, videoFieldOrder text, pullDown text, ' +
    'audioSampleType text, audioChannelType text, key text, stretchMode text, timeSignature text, scaleType text',
  [NAMESPACE.crs]:
    'AutoBrightness boolean, AutoContrast boolean, AutoExposure boolean, AutoShadows boolean, BlueHue integer, ' +
    'BlueSaturation integer, Brightness integer, CameraProfile text, ChromaticAberrationB integer, ' +
    'ChromaticAberrationR integer, ColorNoiseReduction integer, Contrast integer, CropTop real, CropLeft real, ' +
    'CropBottom real, CropRight real, CropAngle real, CropWidth real, CropHeight real, CropUnits integer, Exposure real, ' +
    'GreenHue integer, GreenSaturation integer, HasCrop boolean, HasSettings boolean, LuminanceSmoothing integer, ' +
    'RawFileName text, RedHue integer, RedSaturation integer, Saturation integer, Shadows integer, ShadowTint integer, ' +
    'Sharpness integer, Temperature integer, Tint integer, ToneCurveName text, Version text, VignetteAmount integer, ' +
    'VignetteMidpoint integer, WhiteBalance text, ToneCurve seq text',
};

const S_TYPE = `${ADOBE}xap/1.0/sType/`;

/** Type name, namespace of its fields, fields. */
const STRUCTS: readonly (readonly [string, string, string])[] = [
  ['dimensions', `${S_TYPE}Dimensions#`, 'w real, h real, unit text'],
  ['thumbnail', `${ADOBE}xap/1.0/g/img/`, 'height integer, width integer, image text, format text'],
  [
    'resourceevent',
    `${S_TYPE}ResourceEvent#`,
    'action text, instanceID uri, parameters text, softwareAgent agentname, when date',
  ],
  [
    'resourceref',
    `${S_TYPE}ResourceRef#`,
    'instanceID uri, documentID uri, versionID text, renditionClass renditionclass, renditionParams text, ' +
      'manager agentname, managerVariant text, manageTo uri, manageUI uri',
  ],
  [
    'version',
    `${S_TYPE}Version#`,
    'comments text, event resourceevent, modifyDate date, modifier propername, version text',
  ],
  ['job', `${S_TYPE}Job#`, 'name text, id text, url url'],
  ['flash', NAMESPACE.exif, 'Fired boolean, Function boolean, RedEyeMode boolean, Return text, Mode text'],
  ['oecf/sfr', NAMESPACE.exif, 'Columns integer, Rows integer, Names seq text, Values seq rational'],
  ['cfapattern', NAMESPACE.exif, 'Columns integer, Rows integer, Values seq integer'],
  ['devicesettings', NAMESPACE.exif, 'Columns integer, Rows integer, Settings seq text'],
];

const STRUCTS_2005: readonly (readonly [string, string, string])[] = [
  [
    'colorant',
    `${ADOBE}xap/1.0/g/`,
    'swatchName text, mode text, type text, cyan real, magenta real, yellow real, black real, red integer, green integer, ' +
      'blue integer, L real, A integer, B integer',
  ],
  [
    'font',
    `${S_TYPE}Font#`,
    'fontName text, fontFamily text, fontFace text, fontType text, versionString text, composite boolean, ' +
      'fontFileName text, childFontFiles seq text',
  ],
  [
    'beatsplicestretch',
    NAMESPACE.xmpDM,
    'useFileBeatsMarker boolean, riseInDecibel real, riseInTimeDuration time',
  ],
  [
    'marker',
    NAMESPACE.xmpDM,
    'startTime any, duration any, comment text, name text, location uri, target text, type text',
  ],
  [
    'media',
    NAMESPACE.xmpDM,
    'path uri, track text, startTime time, duration time, managed boolean, webStatement uri',
  ],
  ['projectlink', NAMESPACE.xmpDM, 'path uri, type text'],
  ['resamplestretch', NAMESPACE.xmpDM, 'quality text'],
  ['time', NAMESPACE.xmpDM, 'value integer, scale rational'],
  ['timecode', NAMESPACE.xmpDM, 'timeValue text, timeFormat text'],
  ['timescalestretch', NAMESPACE.xmpDM, 'frameSize real, frameOverlappingPercentage real, quality text'],
];

function pairs(line: string): [string, string][] {
  return line.split(', ').map((entry) => {
    const space = entry.indexOf(' ');
    return [entry.slice(0, space), entry.slice(space + 1)];
  });
}

/** Properties of a namespace by name, with their types. */
export type Schema = ReadonlyMap<string, string>;

export interface SchemaSet {
  schema(namespace: string): Schema | undefined;
  /** New, to be extended. */
  types(): ValueTypes;
  readonly known: ValueTypes;
}

function schemaSet(
  extra: Readonly<Record<string, string>>,
  structs: readonly (readonly [string, string, string])[],
  gps: typeof GPS_2004,
): SchemaSet {
  const schemas = new Map<string, Schema>();
  for (const source of [COMMON, extra]) {
    for (const [namespace, line] of Object.entries(source)) {
      schemas.set(namespace, new Map([...(schemas.get(namespace) ?? []), ...pairs(line)]));
    }
  }
  const structTypes = new Map<string, StructType>(
    structs.map(([name, namespace, line]) => [name, { namespace, fields: new Map(pairs(line)) }]),
  );
  const types = (): ValueTypes => new ValueTypes(structTypes, new Map([['gpscoordinate', gps]]));
  return { schema: (namespace) => schemas.get(namespace), types, known: types() };
}

let edition2004: SchemaSet | undefined;
let edition2005: SchemaSet | undefined;

/** For PDF/A-1, or for PDF/A-2 and PDF/A-3. */
export function predefinedSchemas(edition: 2004 | 2005): SchemaSet {
  if (edition === 2004) return (edition2004 ??= schemaSet(ONLY_2004, STRUCTS, GPS_2004));
  return (edition2005 ??= schemaSet(ONLY_2005, [...STRUCTS, ...STRUCTS_2005], GPS_2005));
}
