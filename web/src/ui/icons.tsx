import type { ComponentChildren } from 'preact';
import styles from './icons.module.css';

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class={styles.icon} viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  );
}

export const PlayIcon = () => (
  <Icon>
    <path d="M4 2.5v11l9-5.5z" fill="currentColor" />
  </Icon>
);

export const PauseIcon = () => (
  <Icon>
    <path d="M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z" fill="currentColor" />
  </Icon>
);

export const StepIcon = () => (
  <Icon>
    <path d="M3 2.5v11L10 8zM11 2.5h2.5v11H11z" fill="currentColor" />
  </Icon>
);

export const ResetIcon = () => (
  <Icon>
    <path d="M3.5 3v3.8h3.8M3.9 6.6a5 5 0 1 1-.7 3" fill="none" stroke="currentColor" stroke-width="1.6" />
  </Icon>
);

export const SeedIcon = () => (
  <Icon>
    <rect
      x="2.5"
      y="2.5"
      width="11"
      height="11"
      rx="2"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
    />
    <circle cx="5.6" cy="5.6" r="1.1" fill="currentColor" />
    <circle cx="10.4" cy="5.6" r="1.1" fill="currentColor" />
    <circle cx="8" cy="8" r="1.1" fill="currentColor" />
    <circle cx="5.6" cy="10.4" r="1.1" fill="currentColor" />
    <circle cx="10.4" cy="10.4" r="1.1" fill="currentColor" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" fill="none" stroke="currentColor" stroke-width="1.6" />
  </Icon>
);
