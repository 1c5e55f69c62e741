/**
 * The part of the WebAssembly interface that the kernels use, for the type checker only.
 * TypeScript declares it in its browser library, whose other globals we keep out (see tsconfig.json).
 * Source: WebAssembly JavaScript Interface, https://webassembly.github.io/spec/js-api/.
 */
declare namespace WebAssembly {
  interface MemoryDescriptor {
    initial: number;
    maximum?: number;
    shared?: boolean;
  }

  class Memory {
    constructor(descriptor: MemoryDescriptor);
    readonly buffer: ArrayBuffer | SharedArrayBuffer;
    /** Adds 64 KiB pages and returns the former number of pages; the old `buffer` is detached unless shared. */
    grow(pages: number): number;
  }

  class Module {
    constructor(bytes: Uint8Array | ArrayBuffer);
    // Keeps the class nominal: any object would otherwise pass for a compiled module.
    private readonly compiled: true;
  }

  type ImportValue = ((...numbers: number[]) => unknown) | Memory | number;
  type ExportValue = ((...numbers: number[]) => number) | Memory;

  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, ImportValue>>);
    readonly exports: Record<string, ExportValue>;
  }

  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}

  function validate(bytes: Uint8Array | ArrayBuffer): boolean;
  function compile(bytes: Uint8Array | ArrayBuffer): Promise<Module>;
}
