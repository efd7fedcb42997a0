import { renderContext } from '../announce/render-context.ts';
import { composeForWire } from '../delivery/compose.ts';
import { openSigner, type Signer } from '../delivery/dkim.ts';
import type { ComposedMail, Mail } from '../model/mail.ts';
import type { Push } from '../model/push.ts';
import type { Alarm } from '../model/status.ts';
import type { World } from '../model/world.ts';
import { alarmMail } from '../render/alarm-mail.ts';
import type { Workplace } from '../repository/workplace.ts';

/**
 * The one mail of an alarm, as the outbox takes it, by the built-in template where the administrator's cannot be used, and unsigned where
 * the key cannot: that may be just what they are to be told. Apart from the alarms, since most workers raise none.
 */
export async function* alarmMails(
  alarm: Alarm,
  push: Push,
  administrator: string,
  world: World,
  place: Workplace,
): AsyncGenerator<ComposedMail> {
  const mail = async (at: Workplace) => alarmMail(alarm, push, administrator, await renderContext(world, at));
  let made: Mail;
  try {
    made = await mail(place);
  } catch {
    made = await mail({ ...place, config: { ...place.config, templates: undefined } });
  }
  const sign: Signer = await openSigner(place.config).catch(() => unsigned => unsigned);
  yield sign(composeForWire(made));
}
