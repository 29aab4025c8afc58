import { accountRoutes } from './account/routes.ts'
import { callRoutes } from './appointments/call-routes.ts'
import { detailsRoutes } from './appointments/details-routes.ts'
import { letterRoutes } from './appointments/letter-routes.ts'
import { postRoutes } from './appointments/post-routes.ts'
import { appointmentRoutes } from './appointments/routes.ts'
import { wardDayRoutes } from './appointments/ward-routes.ts'
import { auditRoutes } from './audit/routes.ts'
import { bookingRoutes } from './bookings/routes.ts'
import { bookingTasks } from './bookings/tasks.ts'
import { cableRoutes } from './cables/routes.ts'
import { caseloadCountRoutes } from './caseload-counts/routes.ts'
import { caseloadRoutes } from './caseloads/routes.ts'
import { checkInRoutes } from './check-ins/routes.ts'
import { checkInTasks } from './check-ins/tasks.ts'
import { concernRoutes } from './concerns/routes.ts'
import { connectivityRoutes } from './connectivity/routes.ts'
import { conversationRoutes } from './conversations/routes.ts'
import { correctionRoutes } from './corrections/routes.ts'
import { dataAllowanceRoutes } from './data-allowances/routes.ts'
import { dataSettingsRoutes } from './data-allowances/settings-routes.ts'
import { dataStockRoutes } from './data-allowances/stock-routes.ts'
import { entryRoutes } from './diary/entry-routes.ts'
import { hoursRoutes } from './diary/hours-routes.ts'
import { planRoutes } from './diary/plan-routes.ts'
import { diaryRoutes } from './diary/routes.ts'
import { callSettingsRoutes } from './diary/settings-routes.ts'
import { slotRoutes } from './diary/slot-routes.ts'
import { disposalRoutes } from './disposals/routes.ts'
import { exportRoutes } from './exports/routes.ts'
import { extensionRoutes } from './extensions/routes.ts'
import { figureShareRoutes } from './figure-shares/routes.ts'
import { personsGuideRoutes } from './guides/person-routes.ts'
import { readingRoutes } from './guides/reading-routes.ts'
import { guideRoutes } from './guides/routes.ts'
import { handoverRoutes } from './handovers/routes.ts'
import { helpRoutes } from './help/routes.ts'
import { importRoutes } from './imports/routes.ts'
import { importTasks } from './imports/tasks.ts'
import { incidentRoutes } from './incidents/routes.ts'
import { itemEditRoutes } from './items/edit-routes.ts'
import { itemRoutes } from './items/routes.ts'
import type { Task } from './jobs/tasks.ts'
import { kitRoutes } from './kits/routes.ts'
import { labelRoutes } from './labels/routes.ts'
import { leavingRoutes } from './leaving/routes.ts'
import { lendRoutes } from './loans/lend-routes.ts'
import { loanRoutes } from './loans/routes.ts'
import { swapRoutes } from './loans/swap-routes.ts'
import { transferRoutes } from './loans/transfer-routes.ts'
import { lockerRoutes } from './lockers/routes.ts'
import { receiptCallback, replyCallback } from './messages/receipt-routes.ts'
import { messageRoutes } from './messages/routes.ts'
import { messageTasks } from './messages/tasks.ts'
import { wordingRoutes } from './messages/wording-routes.ts'
import { modelRoutes } from './models/routes.ts'
import { onwardPlanRoutes } from './onward-plans/routes.ts'
import { openingReviewRoutes } from './openings/review-routes.ts'
import { openingRoutes } from './openings/routes.ts'
import { pinRoutes } from './pins/routes.ts'
import { platformRoutes } from './platforms/routes.ts'
import { preferenceRoutes } from './preferences/routes.ts'
import { quotationRoutes } from './quotations/routes.ts'
import { referralRoutes } from './referrals/routes.ts'
import { repairRoutes } from './repairs/routes.ts'
import { deliveryRoutes } from './reports/delivery-routes.ts'
import { placeRoutes } from './reports/place-routes.ts'
import { reportRoutes } from './reports/routes.ts'
import { reportTasks } from './reports/tasks.ts'
import { restrictionRoutes } from './restrictions/routes.ts'
import { retentionRoutes } from './retention/routes.ts'
import { retentionTasks } from './retention/tasks.ts'
import { returnRoutes } from './returns/routes.ts'
import { safeContactRoutes } from './safe-contact/routes.ts'
import { scanRoutes } from './scan/routes.ts'
import { secondStepRoutes } from './second-step/routes.ts'
import { secondStepSignInRoutes } from './second-step/sign-in-routes.ts'
import { serviceUserRoutes } from './service-users/routes.ts'
import { settingsRoutes } from './settings/routes.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { signpostRoutes } from './signposts/routes.ts'
import { staffRoutes } from './staff/routes.ts'
import { stockCheckRoutes } from './stock-checks/routes.ts'
import { subjectAccessRoutes } from './subject-access/routes.ts'
import { summaryRoutes } from './summaries/routes.ts'
import { tabletRoutes } from './tablets/routes.ts'
import { targetRoutes } from './targets/routes.ts'
import { groupEditRoutes } from './training/group-edit-routes.ts'
import { groupRoutes } from './training/group-routes.ts'
import { trainingRoutes } from './training/routes.ts'
import { staffTrainingRoutes } from './training/staff-routes.ts'
import { trialCallRoutes } from './trial-calls/routes.ts'
import { benchRoutes } from './turnaround/bench-routes.ts'
import { turnaroundRoutes } from './turnaround/routes.ts'
import { handOverRoutes } from './visits/routes.ts'
import { wardPageRoutes } from './wards/page-routes.ts'
import { wardRoutes } from './wards/routes.ts'
import type { Callback } from './web/callbacks.ts'
import type { Route } from './web/routes.ts'
import { worklistRoutes } from './worklist/routes.ts'

/** Every feature, its routes and its tasks. What is not here cannot be reached. */
export const features: { name: string; routes: Route[]; tasks?: Task[] }[] = [
  { name: 'sign-in', routes: signInRoutes },
  { name: 'worklist', routes: worklistRoutes },
  { name: 'exports', routes: exportRoutes },
  { name: 'imports', routes: importRoutes, tasks: importTasks },
  { name: 'labels', routes: labelRoutes },
  { name: 'items', routes: [...itemEditRoutes, ...itemRoutes] },
  { name: 'extensions', routes: extensionRoutes },
  { name: 'handovers', routes: handoverRoutes },
  { name: 'returns', routes: returnRoutes },
  { name: 'corrections', routes: correctionRoutes },
  { name: 'loans', routes: [...lendRoutes, ...swapRoutes, ...transferRoutes, ...loanRoutes] },
  { name: 'check-ins', routes: checkInRoutes, tasks: checkInTasks },
  { name: 'models', routes: modelRoutes },
  { name: 'kits', routes: kitRoutes },
  { name: 'visits', routes: handOverRoutes },
  { name: 'onward-plans', routes: onwardPlanRoutes },
  { name: 'turnaround', routes: [...benchRoutes, ...turnaroundRoutes] },
  { name: 'repairs', routes: repairRoutes },
  { name: 'disposals', routes: disposalRoutes },
  { name: 'incidents', routes: incidentRoutes },
  { name: 'stock-checks', routes: stockCheckRoutes },
  { name: 'scan', routes: scanRoutes },
  { name: 'caseloads', routes: caseloadRoutes },
  { name: 'caseload-counts', routes: caseloadCountRoutes },
  { name: 'openings', routes: [...openingRoutes, ...openingReviewRoutes] },
  {
    name: 'appointments',
    routes: [...postRoutes, ...letterRoutes, ...callRoutes, ...wardDayRoutes, ...detailsRoutes, ...appointmentRoutes],
  },
  {
    name: 'diary',
    routes: [...diaryRoutes, ...hoursRoutes, ...entryRoutes, ...planRoutes, ...slotRoutes, ...callSettingsRoutes],
  },
  // the words before the numbers: /training/staff is no session
  { name: 'training', routes: [...staffTrainingRoutes, ...groupRoutes, ...groupEditRoutes, ...trainingRoutes] },
  { name: 'trial-calls', routes: trialCallRoutes },
  { name: 'data-allowances', routes: [...dataStockRoutes, ...dataSettingsRoutes, ...dataAllowanceRoutes] },
  { name: 'conversations', routes: conversationRoutes },
  { name: 'referrals', routes: referralRoutes },
  { name: 'concerns', routes: concernRoutes },
  { name: 'preferences', routes: preferenceRoutes },
  { name: 'platforms', routes: platformRoutes },
  { name: 'signposts', routes: signpostRoutes },
  { name: 'guides', routes: [...guideRoutes, ...personsGuideRoutes, ...readingRoutes] },
  { name: 'safe-contact', routes: safeContactRoutes },
  { name: 'service-users', routes: serviceUserRoutes },
  { name: 'summaries', routes: summaryRoutes },
  { name: 'account', routes: accountRoutes },
  { name: 'second-step', routes: [...secondStepSignInRoutes, ...secondStepRoutes] },
  { name: 'pins', routes: pinRoutes },
  { name: 'staff', routes: staffRoutes },
  { name: 'tablets', routes: tabletRoutes },
  { name: 'bookings', routes: bookingRoutes, tasks: bookingTasks },
  { name: 'lockers', routes: lockerRoutes },
  { name: 'leaving', routes: leavingRoutes },
  { name: 'cables', routes: cableRoutes },
  { name: 'restrictions', routes: restrictionRoutes },
  { name: 'connectivity', routes: connectivityRoutes },
  { name: 'wards', routes: [...wardRoutes, ...wardPageRoutes] },
  { name: 'targets', routes: targetRoutes },
  // before the names of reports: /reports/words and /reports/side-by-side are none
  { name: 'quotations', routes: quotationRoutes },
  { name: 'figure-shares', routes: figureShareRoutes },
  { name: 'reports', routes: [...deliveryRoutes, ...placeRoutes, ...reportRoutes], tasks: reportTasks },
  { name: 'settings', routes: settingsRoutes },
  { name: 'messages', routes: messageRoutes, tasks: messageTasks },
  { name: 'message-settings', routes: wordingRoutes },
  { name: 'subject-access', routes: subjectAccessRoutes },
  { name: 'retention', routes: retentionRoutes, tasks: retentionTasks },
  { name: 'audit', routes: auditRoutes },
  { name: 'help', routes: helpRoutes },
]

/** Where other programs tell us something. */
export const callbacks: Callback[] = [receiptCallback, replyCallback]

export const tasks: Task[] = features.flatMap((feature) => feature.tasks ?? [])
