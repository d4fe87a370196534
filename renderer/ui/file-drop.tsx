import { useRef, useState, type DragEvent, type ReactElement, type ReactNode } from 'react';
import { Button, type ButtonProps } from './button.tsx';
import { cx } from './cx.ts';
import './file-drop.css';

export interface FileDropProps {
  /** What is shown while files are held over it: "Drop a PDF". */
  readonly invitation: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly children: ReactNode;
  readonly className?: string;
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer.types.includes('Files');

/** A place that takes dropped files. The same must be reachable by a button. */
export function FileDrop({ invitation, onFiles, children, className }: FileDropProps): ReactElement {
  const [isOver, setOver] = useState(false);
  return (
    <div
      className={cx('ui-file-drop', className)}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const files = [...event.dataTransfer.files];
        if (files.length > 0) onFiles(files);
      }}
    >
      {children}
      {isOver && <p className="ui-file-drop-over">{invitation}</p>}
    </div>
  );
}

export interface FileChooserProps extends Omit<ButtonProps, 'onClick'> {
  /** As of `<input accept>`. */
  readonly accept: string;
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** A button that opens the system's file dialog. */
export function FileChooser({
  accept,
  multiple = false,
  onFiles,
  ...button
}: FileChooserProps): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...button} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={multiple}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          // The same file can be chosen again.
          event.target.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </>
  );
}
