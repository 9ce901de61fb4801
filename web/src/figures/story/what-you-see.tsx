import type { ComponentChildren } from 'preact';
import type { Run } from '../../run/run';
import { plannedConfiguration } from '../presets';
import { say } from './messages';
import { modelStory, taskStory } from './story';
import styles from './what-you-see.module.css';

/** The whole figure in one paragraph, as it holds for the run that is shown. */
export function WhatYouSee({ run }: { run: Run }) {
  const configuration = run.state.configuration.value ?? plannedConfiguration(run.request.value);
  const task = taskStory(configuration);
  const model = modelStory(configuration);
  return (
    <section class={styles.whatYouSee} data-part="what-you-see">
      <h2>{say('title')}</h2>
      {/* A new paragraph for another run: a translator may have taken this one apart. */}
      <p key={`${task} ${model}`}>
        {say.rich('story', {
          task,
          model,
          em: (words: ComponentChildren) => <em>{words}</em>,
          paper: (words: ComponentChildren) => (
            <a href="https://arxiv.org/abs/2309.05858">
              <cite>{words}</cite>
            </a>
          ),
        })}
      </p>
    </section>
  );
}
