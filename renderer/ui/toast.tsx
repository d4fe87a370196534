import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import type { ReactElement } from 'react';
import { toast as sonner, Toaster as Sonner } from 'sonner';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';
import './toast.css';

export interface ToastOptions {
  readonly title: string;
  readonly detail?: string;
  readonly tone?: 'plain' | 'ok' | 'warn' | 'bad';
  /** The next step that it invites: "Open", "Undo". Closes the toast. */
  readonly action?: { readonly label: string; readonly run: () => void };
  /** A toast of the same id replaces the earlier one. */
  readonly id?: string;
}

const SHOWN_MS = 6000;
/** Long enough to reach the button by keyboard. */
const WITH_ACTION_MS = 12_000;

const ICONS = {
  plain: <Info aria-hidden="true" />,
  ok: <CircleCheck aria-hidden="true" />,
  warn: <TriangleAlert aria-hidden="true" />,
  bad: <CircleAlert aria-hidden="true" />,
};

/** Tells of something that ended or failed elsewhere. A failure stays until it is closed; nothing is told by a toast alone. */
export function toast({ title, detail, tone = 'plain', action, id }: ToastOptions): void {
  sonner.custom(
    (shown) => (
      <div className={`ui-toast ui-toast-${tone}`}>
        {ICONS[tone]}
        <div className="ui-toast-text">
          <strong>{title}</strong>
          {detail !== undefined && <span>{detail}</span>}
        </div>
        {action !== undefined && (
          <Button
            size="s"
            onClick={() => {
              sonner.dismiss(shown);
              action.run();
            }}
          >
            {action.label}
          </Button>
        )}
        <IconButton label="Dismiss" icon={<X />} size="s" onClick={() => sonner.dismiss(shown)} />
      </div>
    ),
    {
      duration: tone === 'bad' ? Infinity : action === undefined ? SHOWN_MS : WITH_ACTION_MS,
      unstyled: true,
      ...(id !== undefined && { id }),
    },
  );
}

export function dismissToast(id: string): void {
  sonner.dismiss(id);
}

/** They cover neither the status bar nor the line of the preview above it. */
const ABOVE_BARS = { bottom: 64, right: 16 };

/** Where toasts appear; once, in the shell. Alt+T moves the focus there. */
export function Toaster(): ReactElement {
  return (
    <Sonner className="ui-toaster" position="bottom-right" offset={ABOVE_BARS} visibleToasts={4} gap={8} />
  );
}
