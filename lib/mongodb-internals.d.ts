/** The part of the driver's internals that lib/mongo-driver.ts uses; its integration test fails when a release changes it. */
declare module 'mongodb/lib/cmap/commands.js' {
  export class DocumentSequence {
    constructor(field: string)
    /** Adds a document by its raw bytes; the first argument is only counted. Returns the sequence's size in bytes. */
    push(document: object, bytes: Uint8Array): number
  }
}
