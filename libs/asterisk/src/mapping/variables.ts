/** Left on an agent's channel by whoever hangs it up for him. */
export const hangsUpVariable = 'PATCHCORD_HANGS_UP';

/**
 * Names that belong to Asterisk itself: what its applications leave on a channel, and its own switches. They tell
 * nothing of the customer, so they are not published; everything else is the dialplan's own. Seen in recordings, or
 * listed in Asterisk's documentation of channel variables.
 */
export const internalVariables: readonly string[] = [
  // Results of applications
  'ABANDONED',
  'AGENTACCEPTDTMF',
  'AGISTATUS',
  'ANSWEREDTIME',
  'ANSWEREDTIME_MS',
  'AUTHSTATUS',
  'CHANNELREDIRECT_STATUS',
  'CHANSPYSTATUS',
  'CONFBRIDGE_RESULT',
  'DIALEDPEERNAME',
  'DIALEDPEERNUMBER',
  'DIALEDTIME',
  'DIALEDTIME_MS',
  'DIALSTATUS',
  'DISASTATUS',
  'ENDFORWARD_STATUS',
  'GOSUB_RETVAL',
  'HANGUPCAUSE',
  'ORIGINATE_STATUS',
  'PARKINGSLOT',
  'PICKUPRESULT',
  'PLAYBACKSTATUS',
  'BACKGROUNDSTATUS',
  'PROGRESSTIME',
  'PROGRESSTIME_MS',
  'QUEUEPOSITION',
  'QUEUESTATUS',
  'QUEUEWAIT',
  'QUEUEWAIT_MS',
  'READSTATUS',
  'RECORD_STATUS',
  'RECORDED_FILE',
  'RINGTIME',
  'RINGTIME_MS',
  'STASISSTATUS',
  'SYSTEMSTATUS',
  'TRANSFERSTATUS',
  'TRANSFERSTATUSPROTOCOL',
  'TRYSTATUS',
  'VMSTATUS',
  'WAITSTATUS',
  // Bridges, transfers, recording
  'ATTENDEDTRANSFER',
  'BLINDTRANSFER',
  'BRIDGEPEER',
  'BRIDGEPVTCALLID',
  'BRIDGEPVTTYPE',
  'FORWARDERNAME',
  'MIXMONITOR_FILENAME',
  'MONITORED',
  'TRANSFERERNAME',
  'TRANSFER_CONTEXT',
  // SIP
  'SIPCALLID',
  'SIPDOMAIN',
  'SIPREFERREDBYHDR',
  'SIPREFERRINGCONTEXT',
  'SIPREFERTOHDR',
  'SIPTRANSFER',
  'SIPURI',
  // Subroutines
  'ARGC',
  'MACRO_CONTEXT',
  'MACRO_EXTEN',
  'MACRO_OFFSET',
  'MACRO_PRIORITY',
  // Switches that a dialplan sets for Asterisk, not for us
  'AGIEXITONHANGUP',
  'AGISIGHUP',
  'GOSUB_RESULT',
  'LIMIT_CONNECT_FILE',
  'LIMIT_PLAYAUDIO_CALLEE',
  'LIMIT_PLAYAUDIO_CALLER',
  'LIMIT_TIMEOUT_FILE',
  'LIMIT_WARNING_FILE',
  'QUEUE_MAX_PENALTY',
  'QUEUE_MIN_PENALTY',
  'QUEUE_PRIO',
  'QUEUE_RAISE_PENALTY',
];

/** Families of them: `setinterfacevar`, `setqueueentryvar`, `setqueuevar`, RTP statistics, arguments of subroutines. */
export const internalFamilies =
  /^(MEMBER(INTERFACE|NAME|CALLS|LASTCALL|PENALTY|DYNAMIC|REALTIME)|QE(HOLDTIME|ORIGINALPOS)|QUEUE(NAME|MAX|STRATEGY|CALLS|HOLDTIME|COMPLETED|ABANDONED|SRVLEVEL|SRVLEVELPERF)|RTP(AUDIO|VIDEO)QOS\w*|ARG\d+)$/;

const internal: ReadonlySet<string> = new Set(internalVariables);

/**
 * The name under which a variable is published, or undefined when it is Asterisk's own or a function. `__NAME` is
 * `NAME` that channels made by this one inherit.
 */
export function publishedName(name: string): string | undefined {
  const bare = name.replace(/^_{1,2}/, '');
  if (bare === '' || bare.length > 128 || bare.includes('(')) return undefined;
  return internal.has(bare) || internalFamilies.test(bare) ? undefined : bare;
}
