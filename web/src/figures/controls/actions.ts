import type { Run } from '../../run/run';
import { say } from './messages';

/** Large enough that two visitors see different runs, small enough to say aloud. */
const seeds = 10_000;

/** What the buttons and their keys do. */
export interface Actions {
  readonly playOrPause: () => void;
  readonly step: () => void;
  readonly reset: () => void;
  readonly newSeed: () => void;
}

/** For orders whose failure is on the page already, as the run's problem. */
const ignore = (): void => undefined;

/** `announce` has screen readers say what came of an action. */
export function createActions(run: Run, announce: (text: string) => void): Actions {
  return {
    playOrPause: () => {
      // The state says what the visitor wants, also while the engine is too busy to answer.
      if (run.state.playing.value) {
        run.pause().catch(ignore);
        announce(say('said.paused'));
      } else {
        run.revive();
        run.play().catch(ignore);
        announce(say('said.training'));
      }
    },
    step: () => {
      run.revive();
      run.step().catch(ignore);
    },
    reset: () => {
      run.revive();
      run.restart().catch(ignore);
      announce(say('said.reset'));
    },
    newSeed: () => {
      const seed = 1 + Math.floor(Math.random() * seeds);
      run.restart(seed).catch(ignore);
      announce(say('said.seed', { seed }));
    },
  };
}
