import { Select } from '../../ui/select';
import type { Figure } from '../figure';
import { allPresets, variantChoice, variantOf } from '../presets';
import styles from './controls.module.css';
import { say } from './messages';

/** Every variant of every preset. Whatever has become of the run that is open, another one can be chosen. */
export function RunChoice({ figure: { run } }: { figure: Figure }) {
  const spec = run.request.value;
  return (
    <div class={styles.runChoice} data-part="run-choice">
      <Select
        label={say('run.choice')}
        value={`${spec.preset}/${variantOf(spec)}`}
        options={allPresets.map(({ name: preset, title, variants }) => ({
          label: title,
          options: variants.map(({ name: variant }) => ({
            value: `${preset}/${variant}`,
            label: say('run.name', { preset, variant }),
          })),
        }))}
        onChoose={(value) => {
          const [preset = '', variant = ''] = value.split('/');
          run.open({ ...spec, preset, variant: variantChoice(preset, variant), settings: {} });
        }}
      />
    </div>
  );
}
