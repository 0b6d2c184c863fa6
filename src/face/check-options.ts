/** What a value of an option must be, and whether it is. */
export interface OptionCheck {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

export function integerFrom(low: number, high: number): OptionCheck {
  return {
    expected: `an integer from ${low} to ${high}`,
    accepts: (value) => Number.isInteger(value) && isWithin(value, low, high),
  };
}

export function numberFrom(low: number, high: number): OptionCheck {
  const expected =
    high === Number.POSITIVE_INFINITY ? `a number of at least ${low}` : `a number from ${low} to ${high}`;
  return { expected, accepts: (value) => Number.isFinite(value) && isWithin(value, low, high) };
}

export function oneOf(values: readonly string[]): OptionCheck {
  return {
    expected: `one of ${values.join(', ')}`,
    accepts: (value) => typeof value === 'string' && values.includes(value),
  };
}

export const TRUE_OR_FALSE: OptionCheck = {
  expected: 'true or false',
  accepts: (value) => typeof value === 'boolean',
};

export const TEXT: OptionCheck = {
  expected: 'a text that is not empty',
  accepts: (value) => typeof value === 'string' && value !== '',
};

export const ANY_TEXT: OptionCheck = { expected: 'a text', accepts: (value) => typeof value === 'string' };

export const FUNCTION: OptionCheck = { expected: 'a function', accepts: (value) => typeof value === 'function' };

export const BLOB: OptionCheck = { expected: 'a Blob', accepts: (value) => value instanceof Blob };

export const OBSERVABLE: OptionCheck = {
  expected: 'an Observable',
  accepts: (value) => isObject(value) && typeof Reflect.get(value, 'subscribe') === 'function',
};

export const OBJECT: OptionCheck = { expected: 'an object', accepts: isObject };

/** Throws RangeError with the name, the expectation and the value. */
export function checkValue(name: string, value: unknown, { expected, accepts }: OptionCheck): void {
  if (!accepts(value)) throw new RangeError(`${name} must be ${expected}, not ${describe(value)}`);
}

/**
 * Checks an object of options; options that are undefined are left out. Throws RangeError with the name and the value of an
 * option that is unknown or not accepted. `name`: of the object, for messages; names of options are prefixed by it and a dot
 * unless it is 'options'.
 */
export function checkOptions(name: string, options: unknown, checks: Readonly<Record<string, OptionCheck>>): void {
  checkValue(name, options, OBJECT);
  const prefix = name === 'options' ? '' : `${name}.`;
  for (const [option, value] of Object.entries(options as object)) {
    const check = Object.hasOwn(checks, option) ? checks[option] : undefined;
    if (!check)
      throw new RangeError(`${prefix}${option} is unknown; ${name} may have ${Object.keys(checks).join(', ')}`);
    if (value !== undefined) checkValue(`${prefix}${option}`, value, check);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWithin(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value >= low && value <= high;
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 40)}'`;
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
