import type { Problem } from '../../protocol/problem';
import { Notice } from '../../ui/notice';
import { Explanation } from './explanation';
import { say } from './messages';

/** Stands where no figure can run at all, and says why. */
export const StandIn = ({ problem }: { problem: Problem }) => (
  <Notice tone="problem" heading={say(`title.${problem.kind}`)}>
    <Explanation problem={problem} />
  </Notice>
);
