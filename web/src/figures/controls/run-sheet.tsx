import { inRow } from '../../i18n/lists';
import { Live } from '../../i18n/live';
import type { Figure } from '../figure';
import { variantOf } from '../presets';
import styles from './controls.module.css';
import { say } from './messages';

/** For print, where menus are not shown: which run this is, so that it can be opened again. */
export function RunSheet({ figure }: { figure: Figure }) {
  const spec = figure.run.request.value;
  const settings = Object.entries(spec.settings).map(([key, value]) => `${key}=${value}`);
  return (
    <dl class={styles.sheet} data-part="run-sheet">
      <div>
        <dt>{say('run.choice')}</dt>
        <Live as="dd" numeric text={say('run.name', { preset: spec.preset, variant: variantOf(spec) })} />
      </div>
      <div>
        <dt>{say('sheet.settings')}</dt>
        <Live as="dd" text={settings.length > 0 ? inRow(settings) : say('sheet.settings.none')} />
      </div>
    </dl>
  );
}
