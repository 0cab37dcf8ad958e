//! The Chinese words of the book.

netkata::words! {
    REMOVE = "删除";
    READ = "读取";
    START = "启动";
    WRITE = "写入";

    HINTS = "提示";
    ABOUT_THE_COURSE = "关于本课程";
    ONE_HINT_AT_A_TIME = "每个检查项有三条提示，一条比一条具体。打开一条，再试一次。";
    A_NUDGE = "提个醒";
    THE_CONCEPT = "讲概念";
    NEARLY_THE_CODE = "几乎是代码";
    fails_with(lesson) = "什么都还没改的时候，`cargo kata lesson {lesson}` 会显示：";

    grading(programs) = "正在运行 {programs}，取得报告；报告会保留";
    NAIVE_PROGRAM = "个讲义里的程序";
    MDBOOK_IS_MISSING = "缺少 mdbook：用 `cargo install --locked mdbook` 编译";
    failed(program, said) = "{program} 失败：{said}";
    no_heading(page, heading) = "{page} 没有标题 `{heading}`";
    no_story(lesson) = "{lesson} 的讲义程序失败了，却没有报告";
    NO_CHROMIUM = "没有 Chromium，就没有 PDF：请从浏览器打印这一页";
}
