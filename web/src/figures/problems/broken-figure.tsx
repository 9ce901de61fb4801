import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { say } from './messages';

interface BrokenFigureProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** Stands where a figure cannot be drawn. */
export function BrokenFigure({ error, onRetry }: BrokenFigureProps) {
  const reason = error instanceof Error ? error.message : String(error);
  return (
    <Notice tone="problem" heading={say('figure.broken.title')}>
      <p>{say('figure.broken', { reason })}</p>
      <Button label={say('figure.retry')} onClick={onRetry} />
    </Notice>
  );
}
