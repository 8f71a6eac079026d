/** What a connector asks of a CRM: one request, without credentials. */
export interface CrmRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments behind the connection's base URL; each is encoded. A `url` instead is one that the CRM itself gave. */
  readonly path?: readonly string[];
  readonly url?: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>;
  /** `application/xml`. */
  readonly xml?: string;
  /** Statuses that are an answer and no failure, beside 2xx. */
  readonly expect?: readonly number[];
  /** The request changes something: without an answer nobody knows whether it did. */
  readonly writes?: boolean;
}
