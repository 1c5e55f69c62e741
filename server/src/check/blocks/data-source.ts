/**
 * Data sources: files with rows, columns and shuffles, and generated arrays; source-formats.ts lists them.
 * Their options are read here, their shapes asked of the environment; values are read in a run only.
 */
import type { Dimension } from '../../base/dimension.ts';
import { fixedDimension } from '../../base/dimension.ts';
import type { ColumnName, DataSource, Interval } from '../../atoms/expression.ts';
import type { Fix } from '../../base/diagnostic.ts';
import type {
  Argument,
  CallExpression,
  Expression as Syntax,
  Name,
  StringExpression,
} from '../../syntax/tree.ts';
import * as report from '../diagnostics.ts';
import type { HeaderFailure } from '../environment.ts';
import { nearNames } from '../../base/near-names.ts';
import type { Typist } from '../typing/shape.ts';
import { formatsWith, imageChannels, otherWords, sourceFormats } from './source-formats.ts';
import type { SourceFormat } from './source-formats.ts';
import { ungrouped } from '../syntax-walk.ts';

export interface ReadSource {
  readonly source: DataSource;
  /** Undefined, or an undefined axis: that of the declaration. */
  readonly shape?: readonly (Dimension | undefined)[];
  /** Holds every entry; absent where nothing is known. */
  readonly range?: Interval;
}

/** The source that a call describes; undefined when it has a mistake, which is reported. */
export function readSource(call: CallExpression, typist: Typist): ReadSource | undefined {
  const format = sourceFormats.get(call.callee.text);
  if (format === undefined) return undefined;
  return new SourceReader(call, format, typist).read();
}

class SourceReader {
  private readonly call: CallExpression;
  private readonly format: SourceFormat;
  private readonly typist: Typist;

  constructor(call: CallExpression, format: SourceFormat, typist: Typist) {
    this.call = call;
    this.format = format;
    this.typist = typist;
  }

  read(): ReadSource | undefined {
    const positional = this.call.arguments.filter((argument) => argument.name === undefined);
    const options = this.options();
    if (options === undefined) return undefined;
    if (this.format.positional === 'path') return this.file(positional, options);
    if (this.format.positional === 'dimensions') return this.filled(positional);
    return this.drawn(positional, options);
  }

  private complain(
    syntax: { readonly span: CallExpression['span'] },
    message: string,
    remedy: string,
    fixes: readonly Fix[] = [],
  ): undefined {
    this.typist.findings.add(report.sourceArgument(syntax.span, message, remedy, fixes));
  }

  private options(): ReadonlyMap<string, Argument> | undefined {
    const known = [...this.format.options, ...(this.format.numbers ?? []).map(({ name }) => name)];
    const options = new Map<string, Argument>();
    for (const argument of this.call.arguments) {
      const { name } = argument;
      if (name === undefined) continue;
      if (!known.includes(name.text)) {
        this.refuseOption(name, known);
        return undefined;
      }
      const first = options.get(name.text);
      if (first !== undefined) {
        this.typist.findings.add(report.duplicateEntry(name.span, name.text, first.span));
        return undefined;
      }
      options.set(name.text, argument);
    }
    return options;
  }

  /** An option of another format, one that other software calls so, or one that is misspelt. */
  private refuseOption({ text, span }: Name, known: readonly string[]): void {
    const other = otherWords[text];
    const candidates = other !== undefined && known.includes(other) ? [other] : nearNames(text, known);
    const owners = candidates.length === 0 ? formatsWith(text) : [];
    if (owners.length === 0) {
      this.typist.findings.add(report.unknownArgument(span, text, this.format.name, candidates, known));
      return;
    }
    const names = owners.map((owner) => `\`${owner}\``).join(' and ');
    this.complain(
      { span },
      `\`${text}\` is an option of ${names}, not of \`${this.format.name}\``,
      known.length === 0 ? 'leave it out' : `leave it out; the options here are ${quoted(known)}`,
    );
  }

  private file(
    positional: readonly Argument[],
    options: ReadonlyMap<string, Argument>,
  ): ReadSource | undefined {
    const [first, second] = positional;
    if (first === undefined) {
      return this.complain(
        this.call,
        `\`${this.format.name}\` needs the name of a file`,
        `write \`${this.format.name}("file")\``,
      );
    }
    const path = ungrouped(first.value);
    if (path.kind === 'missing') return undefined;
    if (path.kind !== 'string' || path.value === '') {
      return this.complain(
        first,
        'the name of a file is a text',
        'write it in quotes, relative to this file',
      );
    }
    if (second !== undefined) {
      return this.secondArgument(second);
    }
    if (path.value.includes('*') && this.format.name !== 'image') {
      return this.complain(
        path,
        'a name with `*` stands for several files, and only `image` reads several',
        'name one file',
      );
    }
    const rows = this.rows(options.get('rows'));
    const columns = this.columns(options.get('columns'));
    const except = this.except(options.get('except'));
    const shuffle = this.whole(options.get('shuffle'), 'the seed of a shuffle');
    const skip = this.whole(options.get('skip'), 'the number of lines to skip');
    const array = this.text(options.get('array'), 'the name of an array');
    const channels = this.channels(options.get('channels'));
    if (rows === null || columns === null || except === null || shuffle === null) return undefined;
    if (skip === null || array === null || channels === null) return undefined;
    if (columns !== undefined && except !== undefined) {
      return this.complain(
        options.get('except') as Argument,
        '`columns` and `except` both choose the columns',
        'leave one of them out',
      );
    }
    const source: DataSource = {
      format: this.format.name,
      path: path.value,
      ...(rows === undefined ? {} : { rows }),
      ...(columns === undefined ? {} : { columns }),
      ...(except === undefined ? {} : { except }),
      ...(shuffle === undefined ? {} : { shuffle }),
      ...(skip === undefined ? {} : { skip }),
      ...(array === undefined ? {} : { array }),
      ...(channels === undefined ? {} : { channels }),
    };
    const answer = this.typist.header(source);
    if (answer === undefined) return { source };
    if ('error' in answer) {
      this.refuseFile(source, path, answer);
      return undefined;
    }
    return {
      source,
      shape: answer.shape.map((size) => (size === undefined ? undefined : fixedDimension(size))),
      ...(answer.range === undefined ? {} : { range: answer.range }),
    };
  }

  /** A text after the path is taken for the name of the array where the format has one. */
  private secondArgument(second: Argument): undefined {
    const value = ungrouped(second.value);
    if (!this.format.options.includes('array') || value.kind !== 'string') {
      return this.complain(
        second,
        'everything after the name of the file has a name',
        'write `rows = 1..300`, `columns = …`',
      );
    }
    const replacement = `array = "${value.value}"`;
    return this.complain(second, 'the name of an array is given by its option', `write \`${replacement}\``, [
      { title: `Write \`${replacement}\``, span: second.span, replacement },
    ]);
  }

  /** What the file's header says against it; a path of Windows is mended where that finds the file. */
  private refuseFile(source: DataSource, path: StringExpression, { error, remedy }: HeaderFailure): void {
    const slashes = path.value.replaceAll('\\', '/');
    const answer = slashes === path.value ? undefined : this.typist.header({ ...source, path: slashes });
    if (answer === undefined || 'error' in answer) {
      this.typist.findings.add(report.dataFile(this.call.span, error, remedy, []));
      return;
    }
    const fixes = [{ title: 'Write `/` between folders', span: path.span, replacement: `"${slashes}"` }];
    this.typist.findings.add(
      report.dataFile(path.span, error, `write \`/\` between folders: "${slashes}"`, fixes),
    );
  }

  /** Null: reported. Undefined: not given. The same for the readers below. */
  private rows(argument: Argument | undefined): DataSource['rows'] | null {
    if (argument === undefined) return undefined;
    const value = ungrouped(argument.value);
    if (value.kind === 'missing') return null;
    const ends = value.kind === 'range' ? [value.from, value.to] : [value, value];
    const [from, to] = ends.map((end) => this.typist.number(end));
    if (from === undefined || to === undefined || !Number.isInteger(from) || !Number.isInteger(to)) {
      this.complain(
        argument.value,
        'rows are chosen by whole numbers',
        'write `rows = 1..300`; both ends are included',
      );
      return null;
    }
    if (from < 1 || to < from) {
      this.complain(
        argument.value,
        `the rows ${from}..${to} are empty`,
        'rows count from 1, and both ends are included',
      );
      return null;
    }
    return { from, to };
  }

  private columns(argument: Argument | undefined): DataSource['columns'] | null {
    if (argument === undefined) return undefined;
    const value = ungrouped(argument.value);
    if (value.kind === 'missing') return null;
    if (value.kind === 'list') return this.columnList(value.items);
    if (value.kind === 'range') {
      const from = this.column(value.from);
      const to = this.column(value.to);
      return from === undefined || to === undefined ? null : { from, to };
    }
    return this.column(value) ?? null;
  }

  private except(argument: Argument | undefined): DataSource['except'] | null {
    if (argument === undefined) return undefined;
    const value = ungrouped(argument.value);
    return this.columnList(value.kind === 'list' ? value.items : [value]);
  }

  private columnList(items: readonly Syntax[]): readonly ColumnName[] | null {
    const columns: ColumnName[] = [];
    for (const item of items) {
      const column = this.column(item);
      if (column === undefined) return null;
      columns.push(column);
    }
    return columns;
  }

  private column(syntax: Syntax): ColumnName | undefined {
    const inner = ungrouped(syntax);
    if (inner.kind === 'string') return inner.value;
    if (inner.kind === 'missing') return undefined;
    const number = this.typist.number(inner);
    if (number !== undefined && Number.isInteger(number) && number >= 1) return number;
    return this.complain(
      syntax,
      'a column is a name in quotes or a whole number from 1',
      'write `columns = 1..30`, `columns = "age".."s6"`, `columns = ["a", "b"]` or `columns = "target"`',
    );
  }

  private whole(argument: Argument | undefined, what: string): number | undefined | null {
    if (argument === undefined) return undefined;
    if (argument.value.kind === 'missing') return null;
    const value = this.typist.number(argument.value);
    if (value !== undefined && Number.isSafeInteger(value) && value >= 0) return value;
    this.complain(argument.value, `${what} is a whole number of at least 0`, 'write for example 1');
    return null;
  }

  private text(argument: Argument | undefined, what: string): string | undefined | null {
    if (argument === undefined) return undefined;
    const value = ungrouped(argument.value);
    if (value.kind === 'string' && value.value !== '') return value.value;
    if (value.kind !== 'missing') {
      const written = value.kind === 'name' ? `"${value.text}"` : undefined;
      this.complain(
        argument.value,
        `${what} is a text`,
        `write it in quotes${written === undefined ? '' : `: ${written}`}`,
        written === undefined
          ? []
          : [{ title: `Write ${written}`, span: argument.value.span, replacement: written }],
      );
    }
    return null;
  }

  private channels(argument: Argument | undefined): DataSource['channels'] | null {
    const text = this.text(argument, 'what a pixel becomes');
    if (text === undefined || text === null || argument === undefined) return text as undefined | null;
    const known = imageChannels.find((each) => each === text);
    if (known !== undefined) return known;
    const other = otherWords[text.toLowerCase()] ?? '';
    const candidates = imageChannels.filter((each) => each === other || nearNames(text, [each]).length > 0);
    const words = (candidates.length > 0 ? candidates : imageChannels)
      .map((each) => `"${each}"`)
      .join(' or ');
    this.complain(
      argument.value,
      `a pixel cannot become "${text}"`,
      candidates.length > 0 ? `did you mean ${words}?` : `write ${words}`,
      candidates.map((each) => ({
        title: `Change to "${each}"`,
        span: argument.value.span,
        replacement: `"${each}"`,
      })),
    );
    return null;
  }

  /** `zeros()`, `ones(n, d)`, `eye(n)`: the shape may be written. */
  private filled(positional: readonly Argument[]): ReadSource | undefined {
    const dimensions: Dimension[] = [];
    for (const argument of positional) {
      const dimension = this.typist.dimension(argument.value);
      if (dimension === undefined) {
        if (argument.value.kind !== 'missing') {
          this.typist.findings.add(report.badDimension(argument.span, 'this is no dimension'));
        }
        return undefined;
      }
      dimensions.push(dimension);
    }
    const source: DataSource = { format: this.format.name };
    const range: Interval = {
      lower: this.format.name === 'ones' ? 1 : 0,
      upper: this.format.name === 'zeros' ? 0 : 1,
    };
    const [only, second] = dimensions;
    if (only === undefined) return { source, range };
    if (this.format.name !== 'eye') return { source, range, shape: dimensions };
    if (second !== undefined) {
      return this.complain(positional[1] as Argument, 'an identity matrix has one size', 'write `eye(n)`');
    }
    return { source, range, shape: [only, only] };
  }

  private drawn(
    positional: readonly Argument[],
    options: ReadonlyMap<string, Argument>,
  ): ReadSource | undefined {
    const wanted = this.format.numbers ?? [];
    const extra = positional[wanted.length];
    if (extra !== undefined) {
      return this.complain(
        extra,
        `\`${this.format.name}\` takes ${wanted.map(({ name }) => name).join(' and ')}`,
        'its shape is that of the declaration',
      );
    }
    const numbers: Record<string, number> = {};
    for (const [position, { name, default: usual }] of wanted.entries()) {
      const argument = options.get(name) ?? positional[position];
      const value = argument === undefined ? usual : this.typist.number(argument.value);
      if (argument?.value.kind === 'missing') return undefined;
      if (value === undefined || !Number.isFinite(value)) {
        return this.complain(
          argument ?? this.call,
          `\`${name}\` of \`${this.format.name}\` must be a number`,
          `write \`${name} = 1\``,
        );
      }
      numbers[name] = value;
    }
    const seed = this.whole(options.get('seed'), 'a seed');
    if (seed === null) return undefined;
    if (this.format.options.includes('seed')) numbers['seed'] = seed ?? 0;
    const { low, high, deviation } = numbers;
    if (low !== undefined && high !== undefined && low > high) {
      return this.complain(this.call, `no number lies between ${low} and ${high}`, 'exchange the ends');
    }
    if (deviation !== undefined && deviation < 0) {
      return this.complain(this.call, `the deviation ${deviation} is negative`, 'write its absolute value');
    }
    const [lower, upper] = low === undefined ? [numbers['from'], numbers['to']] : [low, high];
    const range =
      lower === undefined || upper === undefined
        ? {}
        : { range: { lower: Math.min(lower, upper), upper: Math.max(lower, upper) } };
    return { source: { format: this.format.name, numbers }, ...range };
  }
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
