import { useEffect } from 'react';
import type { CommandRegistry } from '../ui/command-registry.ts';

const EDITABLE = 'input, textarea, select, [contenteditable="true"], [role="textbox"]';

/** Typing must stay typing: without Ctrl, ⌘ or Alt only function keys are shortcuts there. */
const isTyping = (event: KeyboardEvent): boolean =>
  !event.ctrlKey &&
  !event.metaKey &&
  !event.altKey &&
  !/^F\d+$/.test(event.key) &&
  event.target instanceof Element &&
  event.target.closest(EDITABLE) !== null;

/** Runs commands on their shortcuts, before an editor that may have the same keys. Nothing runs behind a dialog. */
export function useShortcuts(registry: CommandRegistry): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.isComposing || isTyping(event) || document.querySelector('.ui-scrim') !== null) return;
      if (!registry.press(event)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener('keydown', onKeyDown, { capture: true });
    return () => removeEventListener('keydown', onKeyDown, { capture: true });
  }, [registry]);
}
