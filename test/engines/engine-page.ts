/** A page in one of the engines; the tests drive all engines by it. */
export interface EnginePage {
  goto(url: string): Promise<void>;
  /** Runs a function in the page and resolves with its result, which crosses as JSON. It sees its arguments only. */
  run<A extends readonly unknown[], T>(work: (...args: A) => T | Promise<T>, ...args: A): Promise<T>;
  /** PNG. */
  screenshot(): Promise<Buffer>;
}

/** A running browser. */
export interface EngineBrowser {
  readonly page: EnginePage;
  close(): Promise<void>;
}
