import { inRow } from '../../i18n/lists';
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
        <dd translate={false}>{say('run.name', { preset: spec.preset, variant: variantOf(spec) })}</dd>
      </div>
      <div>
        <dt>{say('sheet.settings')}</dt>
        <dd translate={false}>{settings.length > 0 ? inRow(settings) : say('sheet.settings.none')}</dd>
      </div>
    </dl>
  );
}
