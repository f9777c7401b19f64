package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.evolution.OldLog;
import issueledger.evolution.OldShapes;
import issueledger.log.AppendResult.Appended;
import issueledger.log.Commit;
import issueledger.log.EventLog;
import issueledger.log.LogExamples;
import issueledger.log.NewEvent;
import issueledger.log.RecordedEvent;
import java.util.List;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Commands on an issue whose events have the shapes of older programs (docs/evolution.md). */
@Import(OldShapesTest.Upcasters.class)
class OldShapesTest extends OverHttp {
    @TestConfiguration(proxyBeanMethods = false)
    static class Upcasters {
        @Bean
        EventUpcaster notes() {
            return OldShapes.upcasters().get(0);
        }

        @Bean
        EventUpcaster issuesRaised() {
            return OldShapes.upcasters().get(1);
        }

        @Bean
        EventUpcaster workBegun() {
            return OldShapes.upcasters().get(2);
        }
    }

    @Autowired
    private EventLog log;

    private String id;

    private void write() {
        id = newId() + "-of-old";
        LogExamples.appended(log, new Commit(OldLog.events(id), null));
    }

    @Test
    void the_aggregate_is_loaded_at_the_version_that_the_log_has() {
        write();
        Answer allowed = get("/issues/" + id + "/allowed-commands").is(200);
        assertThat(allowed.json().at("/version").longValue()).isEqualTo(6);
        assertThat(allowed.at("/status")).isEqualTo("IN_PROGRESS");

        Answer advanced = post("/issues/" + id + "/advance-phase", "{\"phase\":2}", "If-Match", "\"6\"")
                .is(200);
        assertThat(advanced.json().at("/version").longValue()).isEqualTo(7);
        assertThat(post("/issues/" + id + "/record-note", NOTE)
                        .is(200)
                        .json()
                        .at("/note")
                        .longValue())
                .isEqualTo(2); // The old note is counted.
        assertThat(post("/issues/" + id + "/record-note", NOTE, "If-Match", "\"6\"")
                        .isProblem(412, "version-mismatch")
                        .json()
                        .at("/currentVersion")
                        .longValue())
                .isEqualTo(8);
        assertThat(get("/issues/" + id + "/allowed-commands")
                        .json()
                        .at("/version")
                        .longValue())
                .isEqualTo(8);
    }

    @Test
    void a_command_writes_todays_shapes_and_leaves_the_old_texts_as_they_are() {
        write();
        List<RecordedEvent> before = recorded(id);
        post("/issues/" + id + "/record-note", NOTE).is(200);

        List<RecordedEvent> after = recorded(id);
        assertThat(after.subList(0, 6)).isEqualTo(before);
        assertThat(after.getLast().type() + " " + after.getLast().revision()).isEqualTo("NoteRecorded 1");
        assertThat(before.stream().map(RecordedEvent::payload))
                .isEqualTo(OldLog.events(id).stream().map(NewEvent::payload).toList());
    }

    @Test
    void an_issue_that_ends_in_a_split_event_goes_on_at_the_next_version() {
        id = newId() + "-split";
        Appended appended =
                LogExamples.appended(log, new Commit(OldLog.events(id).subList(0, 4), null));
        Answer noted = post("/issues/" + id + "/record-note", NOTE, "If-Match", "\"4\"")
                .is(200);
        assertThat(noted.json().at("/version").longValue()).isEqualTo(5);
        assertThat(noted.json().at("/position").longValue()).isEqualTo(appended.last() + 1);
    }
}
