-- What the networks say became of a text, after it was handed over: it arrived, did not arrive, or was turned away for good. It is said
-- once of each message, however often it is told.
alter table deliveries
  drop constraint deliveries_outcome_check,
  add constraint deliveries_outcome_check check (
    outcome in (
      'trying', 'sent', 'failed', 'refused', 'gave-up', 'too-late', 'kept', 'again', 'withheld', 'overtaken',
      'delivered', 'undelivered', 'turned-away'
    )
  ) not valid;
alter table deliveries validate constraint deliveries_outcome_check;
create unique index message_arrives_once on deliveries (message_id) where outcome in ('delivered', 'undelivered', 'turned-away');
