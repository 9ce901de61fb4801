/** What an `AddressWriter` needs of a browser's window. */
export interface AddressBar {
  readonly location: { readonly pathname: string; readonly search: string; readonly hash: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
}

/** WebKit refuses more than 100 changes of the address in half a minute: three a second. */
const restMilliseconds = 334;

/**
 * Writes query strings into the page's address. What comes too soon after another one waits, and gives way to what
 * comes after it; the last one is always written. The path and the fragment stay.
 */
export class AddressWriter {
  private waiting: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writtenAt = -Infinity;

  constructor(private readonly bar: AddressBar) {}

  write(query: string): void {
    const scheduled = this.waiting !== undefined;
    this.waiting = query;
    if (scheduled) return;
    const rest = this.writtenAt + restMilliseconds - performance.now();
    if (rest <= 0) this.flush();
    else
      this.timer = setTimeout(() => {
        this.flush();
      }, rest);
  }

  /** Writes at once what waits, as before the page goes. */
  flush(): void {
    clearTimeout(this.timer);
    const query = this.waiting;
    this.waiting = undefined;
    const { pathname, search, hash } = this.bar.location;
    if (query === undefined || query === search) return;
    this.writtenAt = performance.now();
    try {
      this.bar.history.replaceState(null, '', `${pathname}${query}${hash}`);
    } catch {
      // A frame without an origin has no address of its own that it may change.
    }
  }
}
