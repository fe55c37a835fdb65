/** A call that failed: the problem document of the answer (RFC 9457), or status 0 where there was no answer. */
export class Problem extends Error {
  /** @param {number} status  @param {Record<string, any>} [body]  @param {number} [retryAfter]  seconds, as the answer asks */
  constructor(status, body = {}, retryAfter) {
    super(body.detail ?? body.title ?? `The answer was ${status}.`);
    this.name = 'Problem';
    this.status = status;
    this.title = body.title;
    this.detail = body.detail ?? body.title ?? '';
    /** @type {Record<string, string[]> | undefined} by field path */
    this.errors = body.errors;
    this.current = body.current;
    this.etag = body.etag;
    this.updatedBy = body.updated_by;
    this.retryAfter = retryAfter;
  }

  /** Another user is in the tab than the one it was begun for. */
  static ended = () => new Problem(401, { detail: 'Somebody else is here now: this was begun for another user.' });

  /** What came, if anything, did not come from the API: a proxy may have answered instead. */
  static noAnswer = (why = 'it is not from the API') => new Problem(0, { detail: `No answer: ${why}` });

  /** Whether the same request may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}
