"""What a terminal asks of the service through its seat, which passes it on and adds nothing."""

from protocol.wire import (
    adherence,
    attendance,
    breaks,
    documents,
    exams,
    exceptions,
    handover,
    incidents,
    plan_corrections,
    report,
    requests,
    roster,
    training,
)

RelayedRequest = (
    roster.GetRoster
    | roster.DraftRoster
    | roster.CheckRoster
    | roster.PublishRoster
    | roster.ProposePlanCorrection
    | adherence.GetAdherence
    | exceptions.ProposeException
    | exceptions.DecideExceptions
    | exceptions.WithdrawException
    | exceptions.GetExceptions
    | incidents.ConfirmIncident
    | incidents.DecideIncident
    | incidents.WithdrawIncident
    | plan_corrections.DecidePlanCorrection
    | requests.MakeRequest
    | requests.ConsentRequest
    | requests.DecideRequest
    | requests.WithdrawRequest
    | requests.GetRequests
    | requests.SeeRequests
    | requests.BookHours
    | requests.GetHours
    | attendance.GetAttendance
    | attendance.RecordPresence
    | attendance.NameSubstitute
    | attendance.SignMonth
    | attendance.LockMonth
    | handover.WriteHandover
    | handover.ConfirmHandover
    | handover.SettleItem
    | handover.GetHandovers
    | report.GetReport
    | breaks.AskBreak
    | breaks.WithdrawBreak
    | breaks.LetGo
    | breaks.GetBreakQueue
    | documents.PutDocument
    | documents.EnableDocuments
    | documents.RemoveDocuments
    | documents.GetDocuments
    | documents.GetDocument
    | training.GetTrainees
    | training.Assign
    | training.Redraw
    | training.WithdrawAssignments
    | training.PushTraining
    | training.RecallTraining
    | training.GetAssignments
    | training.GetTrainingText
    | training.GetTrainingStatistics
    | exams.GeneratePaper
    | exams.IssueExam
    | exams.WithdrawExam
    | exams.VoidExam
    | exams.GetExams
    | exams.ExtendTime
    | exams.GetSittings
    | exams.GetEssays
    | exams.MarkEssay
    | exams.CorrectKey
    | exams.GetResult
    | exams.GetExamStatistics
)
RelayedAnswer = (
    roster.Roster
    | roster.RosterDrafted
    | roster.RosterChecked
    | roster.RosterPublication
    | adherence.AdherenceDay
    | exceptions.ExceptionMade
    | exceptions.ExceptionsDecided
    | exceptions.Exceptions
    | incidents.IncidentStands
    | plan_corrections.PlanCorrectionStands
    | requests.RequestStands
    | requests.Requests
    | requests.RequestsSeen
    | requests.Hours
    | attendance.AttendanceMonth
    | attendance.AttendanceRecorded
    | handover.HandoverStands
    | handover.Handovers
    | report.Report
    | breaks.BreakPlace
    | breaks.BreakQueue
    | documents.DocumentStands
    | documents.DocumentsDone
    | documents.Documents
    | training.Trainees
    | training.Assigned
    | training.AssignmentsDone
    | training.Assignments
    | training.TrainingText
    | training.TrainingStatistics
    | exams.Generated
    | exams.ExamStands
    | exams.Exams
    | exams.SittingStands
    | exams.Sittings
    | exams.Essays
    | exams.ExamResult
    | exams.ExamStatistics
)
