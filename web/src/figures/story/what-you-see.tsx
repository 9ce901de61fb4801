import type { ComponentChildren } from 'preact';
import type { RunState } from '../../run/run-state';
import { say } from './messages';
import { modelStory, taskStory } from './story';
import styles from './what-you-see.module.css';

/** The whole figure in one paragraph, as it holds for the run that is shown. */
export function WhatYouSee({ state }: { state: RunState }) {
  const configuration = state.configuration.value ?? {};
  return (
    <section class={styles.whatYouSee} data-part="what-you-see">
      <h2>{say('title')}</h2>
      {/* A new paragraph for another run: a translator may have taken this one apart. */}
      <p key={JSON.stringify(configuration)}>
        {say.rich('story', {
          task: taskStory(configuration),
          model: modelStory(configuration),
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
