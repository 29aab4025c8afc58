-- A small organisation as it was when 20261122090500-imports was the newest migration: each table that had rows, and each
-- state that a later migration may have to live with.

insert into organisations (code, name, created_at) values ('FILL', 'Filled NHS Trust', '2026-01-05');
insert into sites (organisation_id, name) values (1, 'Main site');
insert into wards (organisation_id, site_id, code, name, kind, longest_cable_cm) values
  (1, 1, 'ash', 'Ash Ward', 'inpatient ward', 100),
  (1, 1, 'team', 'Community team', 'community team', null);
insert into staff (organisation_id, name, email, role, password_hash, created_at) values
  (1, 'Sam Champion', 'sam@fill.example', 'champion', '-', '2026-01-05'),
  (1, 'Ward Tablet', 'ward@fill.example', 'ward-staff', '-', '2026-01-05');
insert into staff_wards (organisation_id, staff_id, ward_id) values (1, 2, 1);
insert into agreement_versions (organisation_id, number, body, created_at) values (1, 1, 'Bring it back.', '2026-01-05');
insert into loan_lengths (organisation_id, category, weeks) values (1, 'tablet', 12);
insert into service_users (organisation_id, created_at) values (1, '2026-01-06'), (1, '2026-01-07');
insert into service_user_details (service_user_id, organisation_id, name, nhs_number) values
  (1, 1, 'Robin Example', '9434765919'), (2, 1, 'José O’Neill', null);
insert into models (organisation_id, category, maker, name, created_at) values
  (1, 'tablet', 'Example', 'Tab', '2026-01-05'),
  (1, 'charger', 'Example', 'Plug', '2026-01-05'),
  (1, 'private-room', '', 'Room', '2026-01-05');
insert into kits (organisation_id, tag, name, created_at) values (1, 'KIT-1', 'Starter kit', '2026-01-05');
insert into items (organisation_id, model_id, category, tag, kit_id, kept_at_ward_id, left_at, left_as, created_at) values
  (1, 1, 'tablet', 'ON-SHELF', 1, null, null, null, '2026-01-05'),
  (1, 1, 'tablet', 'ON-LOAN', null, null, null, null, '2026-01-05'),
  (1, 1, 'tablet', 'OVERDUE', null, null, null, null, '2026-01-05'),
  (1, 1, 'tablet', 'ON-WARD', null, null, null, null, '2026-01-05'),
  (1, 1, 'tablet', 'BACK', null, null, null, null, '2026-01-05'),
  (1, 1, 'tablet', 'READY', null, null, null, null, '2026-01-05'),
  (1, 1, 'tablet', 'BROKEN', null, null, null, null, '2026-01-05'),
  (1, 2, 'charger', 'GIVEN', null, null, '2026-03-01', 'given', '2026-01-05'),
  (1, 1, 'tablet', 'LOST', null, null, '2026-04-01', 'lost', '2026-01-05'),
  (1, 3, 'private-room', 'ROOM', null, 1, null, null, '2026-01-05');
insert into loans
  (organisation_id, service_user_id, ward_id, staff_id, lent_at, lent_by, agreement_version_id, agreement_how, agreement_witness)
values
  (1, 1, null, null, '2026-07-01', 1, 1, 'paper', null),
  (1, 2, null, null, '2026-03-01', 1, 1, 'spoken', 'A. Witness'),
  (1, null, 1, null, '2026-06-01', 1, null, null, null),
  (1, null, null, 2, '2026-02-01', 1, 1, 'screen', null);

-- ended lines while what they took was still ours, then what is open; items leave once their lines have ended
update items set left_at = null, left_as = null where tag in ('GIVEN', 'LOST');
insert into loan_lines
  (organisation_id, loan_id, item_id, placed_with_ward_id, from_at, due_on, taken_at, ended_at, ended_as, cancelled_at)
values
  (1, 4, 5, null, '2026-02-01', '2026-05-01', '2026-02-01', '2026-05-20', 'returned', null),
  (1, 4, 6, null, '2026-02-01', '2026-05-01', '2026-02-01', '2026-04-20', 'returned', null),
  (1, 2, 8, null, '2026-03-01', null, '2026-03-01', '2026-03-01', 'given', null),
  (1, 2, 9, null, '2026-03-01', '2026-06-01', '2026-03-01', '2026-04-01', 'lost', null),
  (1, 1, 2, null, '2026-07-01', '2026-09-24', '2026-07-01', null, null, null),
  (1, 2, 3, null, '2026-03-01', '2026-06-01', '2026-03-01', null, null, null),
  (1, 3, 4, 1, '2026-06-01', '2026-12-01', '2026-06-01', null, null, null),
  (1, 1, 1, null, '2027-01-04', '2027-03-01', null, null, null, null),
  (1, 1, 7, null, '2026-07-05', '2026-09-24', null, null, null, '2026-07-02');
update items set left_at = '2026-03-01', left_as = 'given' where tag = 'GIVEN';
update items set left_at = '2026-04-01', left_as = 'lost' where tag = 'LOST';
insert into item_holds (organisation_id, item_id, kind, ward_id, plan, taken_at, ended_at, ended_as) values
  (1, 5, 'turnaround', null, null, '2026-05-20', null, null),
  (1, 6, 'turnaround', null, null, '2026-04-20', '2026-04-21', 'ready'),
  (1, 7, 'repair', null, null, '2026-05-01', null, null),
  (1, 4, 'booking', 1, '[2026-08-10 13:00+00,2026-08-10 13:45+00)', null, null, null),
  (1, 10, 'booking', null, '[2026-08-10 09:00+00,2026-08-10 10:00+00)', null, null, null),
  (1, 3, 'booking', null, '[2026-08-11 09:00+00,2026-08-11 10:00+00)', null, null, null);
insert into turnaround_steps (organisation_id, hold_id, step, done_at, done_by)
select 1, id, step, taken_at, 1 from item_holds, unnest(array['inspected', 'wiped']) step where kind = 'turnaround';

insert into imports (organisation_id, staff_id, kind, file_name, bytes, created_at, applied_at, result) values
  (1, 1, 'items', 'stock.csv', null, '2026-01-05', '2026-01-05', '{"created": 10}'),
  (1, 1, 'items', 'waiting.csv', 'tag', '2026-07-30', null, null);
select record_audit('2026-07-01', 1, 1, 'r-1', '[{"verb": "loan:lent", "subject_type": "loan", "subject_id": 1, "service_user_id": 1, "details": {"items": ["ON-LOAN"]}}]');
