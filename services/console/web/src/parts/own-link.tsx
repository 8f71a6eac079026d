import { Link, type LinkProps } from 'react-router';
import { isFramed } from '../embed/frame/place.ts';

/** To another page of ours. From a frame, which has one page only, it opens in a tab. */
export function OwnLink(props: LinkProps) {
  return <Link {...props} {...(isFramed ? { target: '_blank', rel: 'noopener' } : {})} />;
}
