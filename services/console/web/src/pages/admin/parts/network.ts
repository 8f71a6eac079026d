import type { EgressPolicy, TlsSettings } from '@patchcord/contracts';

/** Where requests may go, and how the other side is checked, as entities hold it. */
export interface Network {
  readonly tls: TlsSettings;
  readonly egress: EgressPolicy;
}

/** The same as forms hold it. */
export interface NetworkValues {
  readonly verify: boolean;
  readonly ca: string;
  readonly minVersion: TlsSettings['minVersion'];
  readonly allowHttp: boolean;
  readonly allowCidrs: readonly string[];
}

export const emptyNetwork: NetworkValues = {
  verify: true,
  ca: '',
  minVersion: 'TLSv1.2',
  allowHttp: false,
  allowCidrs: [],
};

export const networkValues = ({ tls, egress }: Network): NetworkValues => ({
  verify: tls.verify,
  ca: tls.ca ?? '',
  minVersion: tls.minVersion,
  allowHttp: egress.allowHttp,
  allowCidrs: egress.allowCidrs,
});

export const networkOf = ({ verify, ca, minVersion, allowHttp, allowCidrs }: NetworkValues): Network => ({
  tls: { verify, minVersion, ...(ca.trim() === '' ? {} : { ca }) },
  egress: { allowHttp, allowCidrs: [...allowCidrs] },
});
