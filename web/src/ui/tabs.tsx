import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { Live } from '../i18n/live';
import { classNames } from '../styles/class-names';
import { say } from './messages';
import { tabAfter } from './tab-keys';
import styles from './tabs.module.css';

export interface Tab {
  readonly name: string;
  readonly label: string;
  /** There is something to see under it. Otherwise its panel says why not. */
  readonly fits: boolean;
}

interface TabsProps {
  /** Names the group of tabs. */
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
  /** What stands under the chosen tab. */
  readonly children: ComponentChildren;
}

/** Tabs of which one is chosen, and its panel. Only that one is in the order of focus: arrow keys lead to the others. */
export function Tabs({ label, tabs, chosen, onChoose, children }: TabsProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const tabId = (name: string): string => `${id}-${name}`;

  const followKey = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const index = tabs.findIndex(({ name }) => name === chosen);
    const place = tabAfter(event.key, index, tabs.length);
    const next = place === undefined ? undefined : tabs[place];
    if (!next) return;
    event.preventDefault();
    onChoose(next.name);
    list.current?.querySelectorAll('button')[place ?? 0]?.focus();
  };

  return (
    <>
      <div ref={list} class={styles.tabs} role="tablist" aria-label={label} onKeyDown={followKey}>
        {tabs.map(({ name, label: text, fits }) => (
          <button
            key={name}
            id={tabId(name)}
            type="button"
            role="tab"
            class={classNames(styles.tab, !fits && styles.unfit)}
            aria-selected={name === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => {
              onChoose(name);
            }}
          >
            <Live text={text} />
            {!fits && <Live class="visually-hidden" text={say('notForThisModel')} />}
          </button>
        ))}
      </div>
      <div
        id={`${id}-panel`}
        class={styles.panel}
        role="tabpanel"
        aria-labelledby={tabId(chosen)}
        tabIndex={0}
        data-part="tab-panel"
      >
        {children}
      </div>
    </>
  );
}
