-- A loan may be made for a visit to come: its lines are planned from that day on, and taken when they are handed over. The day
-- is that of the lines; the time and the place of the visit stand with the loan.
alter table loans
  add column visit_time time,
  add column visit_place text not null default '',
  add constraint visit_place_is_short check (length(visit_place) <= 200);

-- What is to be handed over, by day: few of all lines are.
create index planned_loan_lines on loan_lines (organisation_id, from_at, id)
  where taken_at is null and ended_at is null and cancelled_at is null;
