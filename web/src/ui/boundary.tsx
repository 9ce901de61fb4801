import { Component, type ComponentChildren } from 'preact';

interface BoundaryProps {
  /** Stands in for what failed; `retry` draws that anew. */
  readonly fallback: (error: unknown, retry: () => void) => ComponentChildren;
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly children: ComponentChildren;
}

interface BoundaryState {
  readonly failure: { readonly error: unknown } | undefined;
}

/** Keeps an error in drawing what is inside it from taking down what is around it. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failure: undefined };

  static override getDerivedStateFromError(error: unknown): BoundaryState {
    return { failure: { error } };
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError?.(error);
  }

  private readonly retry = (): void => {
    this.setState({ failure: undefined });
  };

  override render(): ComponentChildren {
    const { failure } = this.state;
    return failure ? this.props.fallback(failure.error, this.retry) : this.props.children;
  }
}
