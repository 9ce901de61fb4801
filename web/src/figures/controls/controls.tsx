import { useComputed, useSignalEffect } from '@preact/signals';
import type { ControlName } from '../../address/page-state';
import type { RunState } from '../../run/run-state';
import { useAnnounce } from '../../ui/announcer';
import { Button } from '../../ui/button';
import { PauseIcon, PlayIcon, ResetIcon, SeedIcon, StepIcon } from '../../ui/icons';
import { Progress } from '../../ui/progress';
import type { Figure } from '../figure';
import type { Actions } from './actions';
import styles from './controls.module.css';
import { say } from './messages';
import { RunChoice } from './run-choice';
import { RunNumbers } from './run-numbers';
import { RunSheet } from './run-sheet';

interface ControlsProps {
  readonly figure: Figure;
  readonly actions: Actions;
}

/** What a visitor can do with a figure's run, and how far it is. */
export function Controls({ figure, actions }: ControlsProps) {
  const { state } = figure.run;
  const announce = useAnnounce();
  useSignalEffect(() => {
    if (state.phase.value === 'finished') announce(say('said.finished'));
  });
  const done = useComputed(() => (state.configuration.value ? state.step.value / state.end.value : 0));
  const has = (name: ControlName): boolean => figure.controls.includes(name);
  return (
    <section class={styles.controls} aria-label={say('controls.label')} data-part="controls">
      <RunSheet figure={figure} />
      <div class={styles.buttons}>
        {has('play') && <PlayButton state={state} onClick={actions.playOrPause} />}
        {has('step') && <Button label={say('button.step')} icon={<StepIcon />} onClick={actions.step} />}
        {has('reset') && <Button label={say('button.reset')} icon={<ResetIcon />} onClick={actions.reset} />}
        {has('seed') && <Button label={say('button.seed')} icon={<SeedIcon />} onClick={actions.newSeed} />}
        {has('run') && <RunChoice figure={figure} />}
      </div>
      <Progress label={say('progress.label')} value={done} />
      <RunNumbers state={state} />
    </section>
  );
}

/** It says what a click does, also while the engine is too busy to answer. */
function PlayButton({ state, onClick }: { state: RunState; onClick: () => void }) {
  const playing = state.playing.value;
  const label = useComputed(() => {
    if (state.playing.value) return say('button.pause');
    return say(state.phase.value === 'finished' ? 'button.continue' : 'button.play');
  });
  return <Button primary label={label} icon={playing ? <PauseIcon /> : <PlayIcon />} onClick={onClick} />;
}
