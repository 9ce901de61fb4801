import { useId } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { Live } from '../i18n/live';
import { classNames } from '../styles/class-names';
import { CloseIcon } from './icons';
import { say } from './messages';
import styles from './notice.module.css';

interface NoticeProps {
  /** A problem is read out at once; a note waits for a pause. */
  readonly tone: 'problem' | 'note';
  readonly heading?: string;
  /** Of its heading. */
  readonly level?: 2 | 3 | 4;
  /** Makes it one that can be closed. */
  readonly onClose?: (() => void) | undefined;
  readonly children: ComponentChildren;
}

/** What somebody has to know, and the way on. */
export function Notice({ tone, heading, level = 2, onClose, children }: NoticeProps) {
  const id = useId();
  return (
    <section
      class={classNames(styles.notice, tone === 'problem' && styles.problem)}
      role={tone === 'problem' ? 'alert' : 'status'}
      aria-labelledby={heading === undefined ? undefined : id}
      data-part={tone}
    >
      <div class={styles.content}>
        {heading !== undefined && (
          <div id={id} class={styles.heading}>
            <Live as={`h${level}`} text={heading} />
          </div>
        )}
        {children}
      </div>
      {onClose && (
        <button type="button" class={styles.close} aria-label={say('closeNotice')} onClick={onClose}>
          <CloseIcon />
        </button>
      )}
    </section>
  );
}
