-- How often somebody who pays for the service has its published numbers sent by email. Whoever chose nothing, or chose to have
-- none, gets none; what came out before they chose is not sent.
create table report_deliveries (
  staff_id bigint primary key,
  organisation_id bigint not null,
  every text not null constraint delivery_every_word check (every in ('month', 'quarter', 'none')),
  since timestamptz(3) not null,
  foreign key (organisation_id, staff_id) references staff (organisation_id, id)
);

-- What goes with an email: a page that reads and prints without us. Gone once it was sent.
alter table message_contents add column attached text;
