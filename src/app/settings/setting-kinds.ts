import * as v from 'valibot';

/** How the values of a setting are checked and written as text. */
export interface SettingKind<T> {
  /** Accepts valid values only, whether parsed from text or read from the browser's storage. */
  readonly schema: v.GenericSchema<unknown, T>;
  /** The value of a text of the query string. Text without a value is returned unchanged, and the schema rejects it. */
  readonly parse: (text: string) => unknown;
  /** A text that `parse` turns into an equal value. */
  readonly format: (value: T) => string;
  /** The accepted texts, as the end of the sentence “It must be …”. */
  readonly accepts: string;
}

const FLAGS: Readonly<Record<string, boolean>> = { '': true, 1: true, true: true, 0: false, false: false };

/** Whether a text stands for true or false. The empty text, as in `?clean`, is true. */
export function isFlag(text: string): boolean {
  return Object.hasOwn(FLAGS, text);
}

const parseFlag = (text: string) => (isFlag(text) ? FLAGS[text] : text);
const formatFlag = (value: boolean) => (value ? '1' : '0');

export const flag: SettingKind<boolean> = {
  schema: v.boolean(),
  parse: parseFlag,
  format: formatFlag,
  accepts: '1 or 0',
};

export const flagOrAuto: SettingKind<boolean | 'auto'> = {
  schema: v.union([v.boolean(), v.literal('auto')]),
  parse: parseFlag,
  format: (value) => (value === 'auto' ? value : formatFlag(value)),
  accepts: '1, 0 or auto',
};

export function oneOf<const T extends string>(values: readonly T[]): SettingKind<T> {
  return {
    schema: v.picklist(values),
    parse: (text) => text,
    format: (value) => value,
    accepts: `one of ${values.join(', ')}`,
  };
}

export function wholeNumber(least: number, most: number): SettingKind<number> {
  return {
    schema: v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most)),
    parse: parseNumber,
    format: String,
    accepts: `a whole number from ${least} to ${most}`,
  };
}

export function numberBetween(least: number, most: number): SettingKind<number> {
  return {
    schema: v.pipe(v.number(), v.minValue(least), v.maxValue(most)),
    parse: parseNumber,
    format: String,
    accepts: `a number from ${least} to ${most}`,
  };
}

/** `accepts` describes the texts that match the pattern. */
export function textLike(pattern: RegExp, accepts: string): SettingKind<string> {
  return {
    schema: v.pipe(v.string(), v.regex(pattern)),
    parse: (text) => text,
    format: (value) => value,
    accepts,
  };
}

/** A list of values of another kind, separated by commas. `accepts` names the values. */
export function listOf<T extends string>(
  { schema, format }: SettingKind<T>,
  accepts: string,
): SettingKind<readonly T[]> {
  return {
    schema: v.array(schema),
    parse: (text) => text.split(',').filter((part) => part !== ''),
    format: (values) => values.map(format).join(','),
    accepts: `a list of ${accepts}, separated by commas`,
  };
}

function parseNumber(text: string): number | string {
  return text.trim() === '' ? text : Number(text);
}
