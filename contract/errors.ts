/**
 * The error table: every failure that a person or a program can be told about has one row here.
 * `status` is the HTTP status when the failure answers a request (RFC 9110, RFC 6585, RFC 4918 §11.5);
 * `retryable` says whether the same work may succeed when it is simply tried again, which is what the
 * queue goes by. `title` is the short, stable summary of RFC 9457 §3.1.3.
 */
interface ErrorRow {
  readonly title: string;
  readonly status: number;
  readonly retryable: boolean;
}

const row = (status: number, title: string, retryable = false): ErrorRow => ({
  title,
  status,
  retryable,
});

export const ERRORS = {
  // The request
  BAD_REQUEST: row(400, 'The request cannot be understood'),
  BAD_JSON: row(400, 'The body is not valid JSON'),
  BODY_TOO_LARGE: row(413, 'The body is too large'),
  UNSUPPORTED_MEDIA_TYPE: row(415, 'This content type is not supported'),
  VALIDATION_FAILED: row(422, 'The request does not have the expected form'),
  FEATURE_UNAVAILABLE: row(422, 'This version does not offer that yet'),
  NOT_FOUND: row(404, 'There is nothing at this address'),
  METHOD_NOT_ALLOWED: row(405, 'This address does not take that method'),
  PRECONDITION_FAILED: row(412, 'It has changed in the meantime'),
  RANGE_NOT_SATISFIABLE: row(416, 'The file has no such range'),
  HOST_NOT_ALLOWED: row(421, 'This host name is not served here'),
  STUDIO_FORBIDDEN: row(403, 'The studio is only for its own page on this computer'),
  RATE_LIMITED: row(429, 'Too many requests'),
  REQUEST_TIMEOUT: row(408, 'The request took too long to arrive'),
  HEADERS_TOO_LARGE: row(431, 'The header of the request is too large'),
  ORIGIN_NOT_ALLOWED: row(403, 'Pages of other sites may not send this'),
  TOO_MANY_CONNECTIONS: row(503, 'Too many open connections'),
  INTERNAL: row(500, 'Something went wrong inside Influxion'),
  SHUTTING_DOWN: row(503, 'Influxion is stopping', true),

  // Who asks
  API_OFF: row(503, 'The API is switched off'),
  UNAUTHORIZED: row(401, 'A valid access token is needed'),
  INSUFFICIENT_SCOPE: row(403, 'The access token does not allow this'),
  CLIENT_NOT_FOUND: row(404, 'There is no such API client'),

  // The queue
  JOB_NOT_FOUND: row(404, 'There is no such job'),
  JOB_NOT_READY: row(409, 'The document is not ready yet'),
  JOB_FAILED: row(409, 'The job failed, so there is no document'),
  JOB_CANCELLED: row(409, 'The job was cancelled'),
  JOB_STATE: row(409, 'The job is not in a state that allows this'),
  JOB_POISON: row(409, 'The job kept killing its worker and was given up'),
  OUTPUT_MISSING: row(410, 'The document is no longer in the data folder'),
  IDEMPOTENCY_MISMATCH: row(422, 'This Idempotency-Key was used with another request'),
  IDEMPOTENCY_IN_PROGRESS: row(409, 'A request with this Idempotency-Key is still being accepted'),
  QUEUE_FULL: row(429, 'The queue is full'),
  DISK_FULL: row(507, 'The disk is nearly full', true),
  DATA_FOLDER_IN_USE: row(503, 'Another Influxion owns this data folder'),
  DATA_FOLDER_UNUSABLE: row(503, 'The data folder cannot be used'),

  // Workers on other machines
  BROKER_UNAVAILABLE: row(503, 'The message broker cannot be reached', true),
  BROKER_REFUSED: row(503, 'The message broker does not take the message', true),
  MESSAGE_INVALID: row(422, 'The message is not one that can be worked on'),
  RESULT_TOO_LARGE: row(422, 'The document is larger than is taken from a worker'),
  WORKER_FAILED: row(502, 'A worker of another kind failed'),
  // Webhooks
  WEBHOOK_NOT_ALLOWED: row(422, 'The owner of the host does not allow that address'),
  WEBHOOK_NOT_FOUND: row(404, 'There is no such webhook'),
  WEBHOOK_FAILED: row(502, 'The webhook was not delivered', true),

  // Batches
  BATCH_NOT_FOUND: row(404, 'There is no such batch'),
  BATCH_STATE: row(409, 'The batch is not in a state that allows this'),
  ROW_NOT_FOUND: row(404, 'The batch has no such row'),
  ROW_INVALID: row(422, 'The row cannot become a document'),
  ROWS_INVALID: row(422, 'The rows cannot be read'),
  ROWS_NOT_FOUND: row(404, 'There is no such rows file'),
  OUTPUT_FOLDER_UNUSABLE: row(422, 'The folder for the documents cannot be used'),
  OWNER_ONLY: row(403, 'Only the owner of this computer may ask for that'),

  // Hot folders
  HOT_FOLDER_NOT_FOUND: row(404, 'There is no such hot folder'),
  HOT_FOLDER_EXISTS: row(409, 'The folder is a hot folder already'),
  HOT_FOLDER_UNUSABLE: row(422, 'The folder cannot be a hot folder'),

  // Templates
  TEMPLATE_NOT_FOUND: row(404, 'There is no such template'),
  TEMPLATE_EXISTS: row(409, 'There is already a template of that name'),
  TEMPLATE_CONFLICT: row(409, 'The file was changed by someone else meanwhile'),
  TEMPLATE_INVALID: row(422, 'This is not a template that can be used'),
  TEMPLATE_SYNTAX: row(422, 'The template has a mistake'),
  TEMPLATE_UNKNOWN_HELPER: row(422, 'The template calls a helper that does not exist'),
  TEMPLATE_UNKNOWN_PARTIAL: row(422, 'The template includes a partial that does not exist'),
  TEMPLATE_MISSING_FIELD: row(422, 'The data lacks a field that the template needs'),
  TEMPLATE_HELPER_FAILED: row(422, 'A helper of the template failed'),
  TEMPLATE_NOT_PRINTABLE: row(422, 'The template prints a value that is not text'),
  TEMPLATE_TOO_COMPLEX: row(422, 'The template is too large or too deeply nested'),
  TEMPLATE_TIMEOUT: row(422, 'The template took too long'),
  TEMPLATE_OUT_OF_MEMORY: row(422, 'The template needed too much memory'),
  TEMPLATE_OUTPUT_TOO_LARGE: row(422, 'The template produced too much HTML'),
  RENDERER_CRASHED: row(500, 'The template renderer stopped unexpectedly', true),

  // Signing keys
  KEY_NOT_FOUND: row(404, 'There is no such signing key'),
  KEY_EXISTS: row(409, 'There is already a signing key of that name'),
  KEY_INVALID: row(422, 'This is not a key that documents can be signed with'),
  KEY_PASSWORD_WRONG: row(422, 'The passphrase does not open the key file'),
  KEY_LOCKED: row(503, 'The private key cannot be opened'),
  KEY_UNUSABLE: row(422, 'The certificate of the key does not allow a signature now'),
  TIMESTAMP_FAILED: row(502, 'The time-stamp server gave no good answer', true),
  REVOCATION_IMPOSSIBLE: row(422, 'Nobody can be asked whether a certificate was revoked'),
  REVOCATION_UNAVAILABLE: row(502, 'It could not be proven that the certificates are not revoked', true),

  // The studio
  STUDIO_SIGN_IN: row(401, 'The studio is only open to who has signed in'),
  DOWNLOAD_TOO_LARGE: row(413, 'This is too much for one download'),
  PREVIEW_SUPERSEDED: row(409, 'A newer edit is being shown instead'),

  // Printing
  ENGINE_NOT_FOUND: row(503, 'No browser engine was found'),
  ENGINE_START_FAILED: row(503, 'The browser engine did not start', true),
  ENGINE_CRASHED: row(500, 'The browser engine stopped unexpectedly', true),
  PRINT_TIMEOUT: row(422, 'Printing took too long', true),
  SCRIPT_TIMEOUT: row(422, 'The scripts of the template took too long'),
  PRINT_FAILED: row(422, 'The browser engine refused to print the document'),
  PAGE_RANGE_INVALID: row(422, 'The page range does not fit the document'),
  DOCUMENT_TOO_COMPLEX: row(422, 'The document is too large to lay out'),

  // Workers on other machines
  WORKER_LOST: row(500, 'The worker stopped unexpectedly', true),
  TASK_LOST: row(500, 'The broker lost the job', true),
  RESULT_INVALID: row(502, 'The worker gave an answer that cannot be used'),
  BLOB_REFUSED: row(422, 'The address of large data may not be used'),
  BLOB_UNREACHABLE: row(502, 'The data could not be fetched or delivered', true),

  // Finishing
  PDF_DAMAGED: row(422, 'This is not a PDF that can be read'),
  PDF_ENCRYPTED: row(422, 'The PDF is encrypted'),
  PDF_TOO_COMPLEX: row(422, 'The PDF is too large to be processed'),
  PDF_TIMEOUT: row(422, 'Processing the PDF took too long'),
  PDF_NOT_MERGEABLE: row(422, 'The PDF cannot be merged with others'),
  STANDARD_NOT_MET: row(422, 'The document does not meet the standard'),
  ATTACHMENT_INVALID: row(422, 'A file cannot be attached'),
  SIGNING_FAILED: row(422, 'The document cannot be signed like that'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];
