import { signal, type ReadonlySignal } from '@preact/signals';
import { createContext, type ComponentChildren } from 'preact';
import { useContext, useMemo } from 'preact/hooks';

type Announce = (text: string) => void;

interface Announcement {
  readonly text: string;
  /** Tells an announcement from the same words said before. */
  readonly count: number;
}

const AnnounceContext = createContext<Announce | undefined>(undefined);

interface AnnouncerProviderProps {
  /** Whose voice it is, in the page's document: a page may have many. */
  readonly of: string;
  readonly children: ComponentChildren;
}

/** Gives what is inside it a voice: a live region of its own, which goes with it. */
export function AnnouncerProvider({ of: owner, children }: AnnouncerProviderProps) {
  const { announcement, announce } = useMemo(() => {
    const newest = signal<Announcement>({ text: '', count: 0 });
    const say: Announce = (text) => {
      newest.value = { text, count: newest.peek().count + 1 };
    };
    return { announcement: newest, announce: say };
  }, []);
  return (
    <AnnounceContext.Provider value={announce}>
      {children}
      <LiveRegion of={owner} announcement={announcement} />
    </AnnounceContext.Provider>
  );
}

interface LiveRegionProps {
  readonly of: string;
  readonly announcement: ReadonlySignal<Announcement>;
}

/** A new element each time: it is read out even if the words are those of the last one, and whatever a translator did. */
function LiveRegion({ of: owner, announcement }: LiveRegionProps) {
  const { text, count } = announcement.value;
  return (
    <p class="visually-hidden" role="status" data-of={owner}>
      <span key={count}>{text}</span>
    </p>
  );
}

/** Has screen readers say a text when they next pause. */
export function useAnnounce(): Announce {
  const announce = useContext(AnnounceContext);
  if (!announce) throw new Error('announcements need an AnnouncerProvider around them');
  return announce;
}
