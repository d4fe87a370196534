/** Texts that are not saved yet, kept by the browser so that they survive a crash of the page or of its host. */

export interface Draft {
  readonly path: string;
  readonly text: string;
  /** The revision it was typed over; null for a file that is new. */
  readonly base: string | null;
}

export interface Drafts {
  keep: (templateId: string, draft: Draft) => void;
  drop: (templateId: string, path: string) => void;
  of: (templateId: string) => readonly Draft[];
}

/** Writing a larger one at every key would be felt. */
const MAX_DRAFT_CHARS = 1_000_000;
const PREFIX = 'influxion.draft/';
const keyOf = (templateId: string, path: string): string => `${PREFIX}${templateId}/${path}`;

export function createDrafts(storage: Storage): Drafts {
  return {
    keep(templateId, draft) {
      if (draft.text.length > MAX_DRAFT_CHARS) {
        storage.removeItem(keyOf(templateId, draft.path));
        return;
      }
      try {
        storage.setItem(keyOf(templateId, draft.path), JSON.stringify(draft));
      } catch {
        // The store of the browser is full: an older draft of the same file must not come back as if it were the last.
        storage.removeItem(keyOf(templateId, draft.path));
      }
    },
    drop: (templateId, path) => storage.removeItem(keyOf(templateId, path)),
    of(templateId) {
      const drafts: Draft[] = [];
      for (let index = 0; index < storage.length; index++) {
        const key = storage.key(index);
        if (key?.startsWith(keyOf(templateId, '')) !== true) continue;
        const draft = parse(storage.getItem(key));
        if (draft !== undefined) drafts.push(draft);
      }
      return drafts;
    },
  };
}

function parse(text: string | null): Draft | undefined {
  try {
    const draft = JSON.parse(text ?? '') as Partial<Draft> | null;
    if (typeof draft?.text !== 'string' || typeof draft.path !== 'string') return undefined;
    return { path: draft.path, text: draft.text, base: draft.base ?? null };
  } catch {
    return undefined;
  }
}
