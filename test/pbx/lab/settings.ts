import { type Dialplan, extensionsConf, queuesConf } from './dialplan.ts';
import { modulesConf } from './modules.ts';
import type { Asterisk } from './packages.ts';

export interface LabSettings {
  readonly asterisk: Asterisk;
  /** Everything that this Asterisk writes; also its configuration. */
  readonly dir: string;
  /** Of AMI (TCP) and SIP (UDP), on 127.0.0.1. */
  readonly port: number;
  /** Password of both AMI users: another Asterisk on this machine has another. */
  readonly secret: string;
  readonly dialplan: Dialplan;
}

/** All files of `/etc/asterisk`, by name. */
export function configuration(settings: LabSettings): Record<string, string> {
  return {
    'asterisk.conf': asteriskConf(settings),
    'modules.conf': modulesConf,
    'manager.conf': managerConf(settings),
    'pjsip.conf': pjsipConf(settings),
    'extensions.conf': extensionsConf(settings.dialplan),
    'queues.conf': queuesConf(settings.dialplan),
    ...fixed,
    // Asterisk's own sounds are the music: there is no other in the packages.
    'musiconhold.conf': `[default]\nmode = files\ndirectory = ${settings.dir}/data/sounds/en\n`,
  };
}

const fixed: Record<string, string> = {
  'features.conf': '[featuremap]\nblindxfer = #1\natxfer = *2\n',
  'rtp.conf': '[general]\nrtpstart = 20000\nrtpend = 29999\nicesupport = no\n',
  'logger.conf': '[logfiles]\nfull = notice,warning,error,verbose(3),dtmf\n',
  'indications.conf':
    '[general]\ncountry = us\n[us]\ndescription = US\ndial = 350+440\nbusy = 480+620/500,0/500\n' +
    'ring = 440+480/2000,0/4000\ncongestion = 480+620/250,0/250\n',
  'voicemail.conf': '[general]\nformat = wav\n[default]\n100 = 1234,Support\n',
  ...Object.fromEntries(
    'acl ccss cli_permissions confbridge dnsmgr dsp pjproject pjsip_notify res_parking stasis udptl cdr cel http'
      .split(' ')
      .map((name) => [`${name}.conf`, '']),
  ),
};

const asteriskConf = ({ asterisk: { root, modules }, dir }: LabSettings): string => `
[directories]
astetcdir => ${dir}/etc
astmoddir => ${modules}
astvarlibdir => ${root}/var/lib/asterisk
astdatadir => ${dir}/data
astagidir => ${root}/usr/share/asterisk/agi-bin
astsbindir => ${root}/usr/sbin
astcachedir => ${dir}/cache
astdbdir => ${dir}/lib
astkeydir => ${dir}/lib
astspooldir => ${dir}/spool
astrundir => ${dir}/run
astlogdir => ${dir}/log
[options]
documentation_language = en_US
verbose = 3
`;

/** Classes as `docs/deployment.md` asks for, and an observer that sees and may do everything. */
const managerConf = ({ port, secret }: LabSettings): string => `
[general]
enabled = yes
port = ${port}
bindaddr = 127.0.0.1
displayconnects = no
[services]
secret = ${secret}
read = call,agent,dtmf,dialplan,system,user,agi
write = call,originate,agent,reporting,system
[observer]
secret = ${secret}
read = system,call,log,command,agent,user,dtmf,reporting,dialplan,originate,agi
write = all
writetimeout = 5000
`;

/** Phones and the telephone company register, from whatever port they have. Callers that nobody knows come from the company. */
const pjsipConf = ({ port, dialplan }: LabSettings): string => `
[global]
type = global
endpoint_identifier_order = username,ip
[transport-udp]
type = transport
protocol = udp
bind = 127.0.0.1:${port}
[phone](!)
type = endpoint
context = from-agent
transport = transport-udp
disallow = all
allow = alaw
direct_media = no
media_address = 127.0.0.1
bind_rtp_to_media_address = yes
dtmf_mode = rfc4733
allow_transfer = yes
[carrier](phone)
context = from-pstn
aors = carrier
trust_id_inbound = yes
[carrier]
type = aor
max_contacts = 1
remove_existing = yes
[carrier]
type = identify
endpoint = carrier
match = 127.0.0.1
${dialplan.phones.map(phone).join('')}`;

const phone = (id: string): string => `[${id}](phone)
aors = ${id}
callerid = "Agent ${id}" <${id}>
[${id}]
type = aor
max_contacts = 1
remove_existing = yes
`;
