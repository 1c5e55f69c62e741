/**
 * The data sources of the language: what each reads or generates, its arguments and its options, and what
 * other software calls those options.
 */

export interface SourceFormat {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments: a path, numbers by name, or dimensions. */
  readonly positional: 'path' | 'numbers' | 'dimensions';
  readonly numbers?: readonly { readonly name: string; readonly default?: number }[];
  readonly options: readonly string[];
}

const fileOptions = ['rows', 'columns', 'except', 'shuffle'];

/** What a pixel of an image may become. */
export const imageChannels = ['grey', 'rgb', 'rgba'] as const;

/** Every format that may be named in a file, in the order of the reference. */
export const sourceFormats: ReadonlyMap<string, SourceFormat> = new Map(
  (
    [
      {
        name: 'csv',
        summary: 'text table, plain or .gz; a header line is recognised',
        positional: 'path',
        options: [...fileOptions, 'skip'],
      },
      { name: 'npy', summary: 'NumPy array, plain or .gz', positional: 'path', options: fileOptions },
      {
        name: 'npz',
        summary: 'an array of a NumPy archive, or a SciPy sparse matrix',
        positional: 'path',
        options: ['array', ...fileOptions],
      },
      {
        name: 'mat',
        summary: 'a variable of a MATLAB file of the versions 5 to 7, plain or .gz',
        positional: 'path',
        options: ['array', ...fileOptions],
      },
      {
        name: 'matrix_market',
        summary: 'Matrix Market file, sparse or dense, plain or .gz',
        positional: 'path',
        options: fileOptions,
      },
      {
        name: 'idx',
        summary: 'IDX file of MNIST, plain or .gz; images become rows',
        positional: 'path',
        options: fileOptions,
      },
      {
        name: 'image',
        summary:
          'PNG image with values in [0, 1]: [height, width] where it is grey, [height, width, 3] in colour; with `*` in the name the stack of the images that it names',
        positional: 'path',
        options: ['channels', ...fileOptions],
      },
      {
        name: 'zeros',
        summary: 'all 0',
        positional: 'dimensions',
        options: [],
      },
      {
        name: 'ones',
        summary: 'all 1',
        positional: 'dimensions',
        options: [],
      },
      {
        name: 'eye',
        summary: 'identity matrix',
        positional: 'dimensions',
        options: [],
      },
      {
        name: 'linspace',
        summary: 'evenly spaced numbers, both ends included',
        positional: 'numbers',
        numbers: [{ name: 'from' }, { name: 'to' }],
        options: [],
      },
      {
        name: 'uniform',
        summary: 'uniform on [low, high)',
        positional: 'numbers',
        numbers: [
          { name: 'low', default: 0 },
          { name: 'high', default: 1 },
        ],
        options: ['seed'],
      },
      {
        name: 'normal',
        summary: 'normal with mean and deviation',
        positional: 'numbers',
        numbers: [
          { name: 'mean', default: 0 },
          { name: 'deviation', default: 1 },
        ],
        options: ['seed'],
      },
    ] satisfies readonly SourceFormat[]
  ).map((format) => [format.name, format as SourceFormat]),
);

/** Whether the value of a source's option is a text. */
export function isTextOption(format: string, option: string): boolean {
  return sourceFormats.has(format) && (option === 'array' || option === 'channels');
}

/** The formats that have an option with this name. */
export function formatsWith(option: string): readonly string[] {
  return [...sourceFormats.values()]
    .filter(({ options }) => options.includes(option))
    .map(({ name }) => name);
}

/** What NumPy, pandas, SciPy, Pillow and MATLAB call an option or a value, by what it is called here. */
export const otherWords: Readonly<Record<string, string>> = {
  usecols: 'columns',
  cols: 'columns',
  drop: 'except',
  exclude: 'except',
  skiprows: 'skip',
  skip_header: 'skip',
  skiplines: 'skip',
  nrows: 'rows',
  max_rows: 'rows',
  index: 'rows',
  seed: 'shuffle',
  random_state: 'shuffle',
  key: 'array',
  name: 'array',
  field: 'array',
  variable: 'array',
  variable_names: 'array',
  mode: 'channels',
  convert: 'channels',
  color: 'channels',
  colour: 'channels',
  random: 'seed',
  rng: 'seed',
  std: 'deviation',
  sigma: 'deviation',
  scale: 'deviation',
  mu: 'mean',
  loc: 'mean',
  min: 'low',
  max: 'high',
  start: 'from',
  stop: 'to',
  gray: 'grey',
  l: 'grey',
  mono: 'grey',
};
