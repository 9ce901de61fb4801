import { Checkbox } from '../../ui/checkbox';
import type { PageFigures } from '../page-figures';
import styles from './controls.module.css';
import { say } from './messages';
import type { Shortcut } from './shortcuts';

interface ShortcutHelpProps {
  readonly shortcuts: readonly Shortcut[];
  readonly page: PageFigures;
}

export function ShortcutHelp({ shortcuts, page }: ShortcutHelpProps) {
  return (
    <details class={styles.shortcutHelp} data-part="shortcut-help">
      <summary>{say('keys.title')}</summary>
      <dl>
        {shortcuts.map(({ key, action }) => (
          <div key={key}>
            <dt>
              <kbd translate={false}>{key}</kbd>
            </dt>
            <dd>{say(`keys.${action}`)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>←</kbd> <kbd>→</kbd>
          </dt>
          <dd>{say('keys.arrows')}</dd>
        </div>
      </dl>
      <Checkbox label={say('keys.enabled')} checked={page.shortcutsEnabled} />
    </details>
  );
}
