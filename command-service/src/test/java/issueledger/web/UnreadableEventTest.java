package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.events.EventMetadata;
import issueledger.log.Commit;
import issueledger.log.EventLog;
import issueledger.log.LogExamples;
import issueledger.log.NewEvent;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Commands on an issue with an event that this version cannot read. */
class UnreadableEventTest extends OverHttp {
    @Autowired
    private EventLog log;

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        NoteRecorded; 1; {"nota":1,"kind":"PROGRESS","text":"renamed"}
        NoteRecorded; 9; {"note":1,"kind":"PROGRESS","text":"of a later revision"}
        IssueMoved  ; 1; {}
        """)
    void it_is_refused_with_a_sentence_that_an_operator_can_act_on(String type, String revision, String payload) {
        String id = newId() + "-unreadable";
        post("/issues", OPENING.formatted(id)).is(201);
        String command = UUID.randomUUID().toString();
        String metadata = EventJson.MAPPER.writeValueAsString(new EventMetadata(
                "ada", null, command, command, command, "0af7651916cd43dd8448eb211c80319c", null, null));
        LogExamples.appended(
                log, new Commit(List.of(new NewEvent(command, id, 1, type, revision, payload, metadata)), null));

        Answer refused = post("/issues/" + id + "/record-note", NOTE).isProblem(503, "log-unavailable");

        assertThat(refused.at("/outcome")).isEqualTo("NOT_APPENDED");
        assertThat(refused.at("/detail")).contains("an event of the issue " + id, "cannot be read");
        get("/issues/" + id + "/allowed-commands").isProblem(503, "log-unavailable");
        post("/issues/" + opened() + "/record-note", NOTE).is(200);
    }
}
