import type { RunState } from '../run/run-state';
import { modelStory, taskStory } from './stories';

/** The whole page in one paragraph, as it holds for the run that is shown. */
export function WhatYouSee({ run }: { run: RunState }) {
  const configuration = run.configuration.value;
  return (
    <section class="what-you-see">
      <h2>What you see</h2>
      <p class="prose">
        {taskStory(configuration)} The first chart shows how wrong it still is after t points, on sequences
        kept aside for the test. At first it does no better than predicting zero. {modelStory(configuration)}{' '}
        Von Oswald and colleagues call this <em>mesa-optimization</em>: trained only to predict, a model comes
        to contain an optimiser of its own (
        <a href="https://arxiv.org/abs/2309.05858">
          <cite>Uncovering mesa-optimization algorithms in Transformers</cite>
        </a>
        ).
      </p>
    </section>
  );
}
