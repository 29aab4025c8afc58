-- Who has a device and no charger with it may have one from another loan. To look through everything that a person ever had
-- took 0.3 ms each; so a loan remembers that a charger of it is still with them, as it remembers that one is lacking.
alter table loans add column has_charger boolean not null default false;

create or replace function loans_know_whether_they_lack_a_charger() returns trigger language plpgsql as $$
begin
  update loans set lacks_charger = found.needs and not found.has, has_charger = found.has
  from (
    select loan_id, coalesce(bool_or(needs_one), false) as needs, coalesce(bool_or(has_one), false) as has
    from (
      select loan_id,
             category in ('tablet', 'smartphone', 'laptop', 'hotspot') and taken_at is not null and ended_at is null
               as needs_one,
             category = 'charger' and taken_at is not null and coalesce(ended_as, '') in ('', 'given') as has_one
      from loan_lines join items on items.id = item_id
      where loan_id in (select loan_id from changed)
    ) lines
    group by loan_id
  ) found
  where loans.id = found.loan_id
    and (loans.lacks_charger, loans.has_charger) <> (found.needs and not found.has, found.has);
  return null;
end $$;

update loans set has_charger = true
where exists (
  select from loan_lines join items on items.id = item_id
  where loan_id = loans.id and taken_at is not null and coalesce(ended_as, '') in ('', 'given') and category = 'charger'
);
create index loans_with_charger_by_service_user on loans (service_user_id)
  where has_charger and service_user_id is not null;
create index loans_with_charger_by_staff on loans (staff_id) where has_charger and staff_id is not null;
